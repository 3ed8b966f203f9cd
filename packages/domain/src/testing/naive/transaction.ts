// transaction.ts: one transaction of the naive account: its sums, what is taken of them, and what limits count of it.

import type { NetworkMessage } from '../../authorization/message.ts';
import { least, type Money, plus, type Sums, share } from './amounts.ts';

export type Charge = { at: number; sum: bigint };
/** `left`, `base`, `markup` and `settled` are what is not yet posted back or confirmed of what a message posted. */
export type Posted = {
  message: NetworkMessage;
  kind: 'financial' | 'clearing';
  number: number;
  left: bigint;
  base: bigint;
  markup: bigint;
  settled: Money;
};
export type Increment = { message: NetworkMessage; asked: bigint; approved: bigint; left: bigint };
/** The newest decision, while nothing has touched what it holds. */
export type Fresh = {
  identity: string;
  answerBy: number;
  holds: 'hold' | 'posted' | 'credit';
  t: bigint;
  increment?: Increment | undefined;
};

const none = (): Sums => ({ t: 0n, a: 0n });
const list = <T>(): T[] => [];
const unset = <T>(): T | undefined => undefined;

export type NaiveTransaction = ReturnType<typeof opened>;

export function opened(m: NetworkMessage, id: number, now: number, status: string) {
  return {
    ...{ id, card: m.cardId, currency: String(m.currency), status, openedAt: now, touched: 0, messages: [m] },
    ...{ requested: none(), approved: none(), open: none(), reversed: none() },
    ...{ cleared: none(), refunded: none(), pendingCredit: none(), held: 0n },
    /** A request was decided for it; the network said what it stands at; the network declined it. */
    ...{ asked: false, advised: false, refused: status === 'declined' },
    /** Something was approved of it, by us or by the network; it was cleared finally; money was announced to come back. */
    ...{ granted: false, final: false, credited: false },
    /** One message that is asked and posted at once. */
    financial: false,
    /** What was first requested, and first approved: a reversal of that means all of it. */
    wholes: list<bigint>(),
    /** By refund authorizations, in all. */
    announced: 0n,
    /** All of it was reversed before it came, and nothing holds it again. */
    reversedWhole: status === 'voided',
    ...{ increments: list<Increment>(), posted: list<Posted>(), charges: list<Charge>(), givenBack: 0n },
    ...{ code: m.authorizationCode, expiresAt: unset<number>(), creditExpiresAt: unset<number>() },
    ...{ fresh: unset<Fresh>(), released: list<string>() },
  };
}

export const sumOf = (charges: readonly Charge[]) => charges.reduce((sum, one) => sum + one.sum, 0n);

/** A purchase was approved or paid: something can be held or cleared of it. */
export const isMoved = ({ asked, advised, granted, posted }: NaiveTransaction) =>
  asked || advised || granted || posted.length > 0;

/** A purchase was asked for, advised or paid: it is not only money given back. */
export const isPurchase = (tx: NaiveTransaction) => isMoved(tx) || isAdvised(tx);

/** The network told something of it, also what changed nothing. */
export const isAdvised = ({ messages }: NaiveTransaction) =>
  messages.some(({ type }) => /^(authorization|increment)_advice$/.test(type));

/** Of a single message, what is neither posted back nor confirmed by a clearing. */
export const unconfirmed = ({ posted }: NaiveTransaction) =>
  posted.find(({ kind, left }) => kind === 'financial' && left > 0n);

/** Of what is open, lowering the hold in proportion; says how much that is in the account's currency. */
export function take(tx: NaiveTransaction, t: bigint): bigint {
  const a = share(tx.open.a, t, tx.open.t);
  tx.held -= share(tx.held, t, tx.open.t);
  plus(tx.open, -t, -a);
  return a;
}

/** Once nothing is held any more. */
export function close(tx: NaiveTransaction, pending = 'voided'): void {
  if (tx.open.t > 0n) return;
  if (tx.status === 'pending') tx.status = pending;
  if (tx.status === 'partially_settled') tx.status = 'settled';
}

export const isCleared = ({ cleared }: NaiveTransaction) => cleared.t > 0n || cleared.a > 0n;

/** Holds more, until `expiresAt`. */
export function reopen(tx: NaiveTransaction, t: bigint, a: bigint, expiresAt: number): void {
  plus(tx.open, t, a);
  tx.held += a;
  tx.reversedWhole &&= t === 0n;
  tx.expiresAt = expiresAt;
  tx.status = isCleared(tx) ? 'partially_settled' : 'pending';
}

/** Brings what limits count to what is open and cleared, less what refunds gave back; says by how much it rose. */
export function charge(tx: NaiveTransaction, now: number): bigint {
  const stands = tx.open.a + tx.cleared.a;
  tx.givenBack = least(tx.givenBack, stands);
  const change = stands - tx.givenBack - sumOf(tx.charges);
  if (change > 0n) addCharge(tx, now, change);
  for (let left = -change; left > 0n; ) {
    const newest = tx.charges.findLast(({ sum }) => sum > 0n);
    if (newest === undefined) throw new Error('giving back more than was charged');
    const part = least(newest.sum, left);
    newest.sum -= part;
    left -= part;
  }
  return change;
}

/** What limits count more, or less, from now on. */
export function addCharge(tx: NaiveTransaction, at: number, sum: bigint): void {
  const last = tx.charges.at(-1);
  if (last?.at === at) last.sum += sum;
  else tx.charges.push({ at, sum });
}
