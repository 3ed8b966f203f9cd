// naiveTransaction.ts: what is taken, charged and given back, for the naive account.

import type { NetworkMessage } from '../authorization/message.ts';

export type Charge = { at: number; sum: bigint };
export type NaiveTransaction = {
  id: number;
  card: string;
  currency: string;
  messages: NetworkMessage[];
  state: string;
  decided: boolean;
  approved: bigint | undefined;
  firstAsked: bigint;
  open: bigint;
  openBilled: bigint;
  held: bigint;
  reversed: bigint;
  reversedBilled: bigint;
  approvedBilled: bigint;
  cleared: bigint;
  clearedBilled: bigint;
  final: boolean;
  charges: Charge[];
  openedAt: number;
  touchedAt: number;
  expiresAt: number | undefined;
  answerBy: number;
  fresh: boolean;
  releasedLate: boolean;
};

/** a × b / c: to the nearest, a half goes up. */
export function share(a: bigint, b: bigint, c: bigint): bigint {
  const whole = (a * b) / c;
  return 2n * (a * b - whole * c) >= c ? whole + 1n : whole;
}
export const smaller = (a: bigint, b: bigint) => (a < b ? a : b);
export const sumOf = (charges: readonly Charge[]) => charges.reduce((sum, charge) => sum + charge.sum, 0n);

export function openedBy(message: NetworkMessage, id: number, now: number, answerBy: number): NaiveTransaction {
  return {
    id,
    card: message.cardId,
    currency: message.currency,
    messages: [message],
    state: 'pending',
    decided: false,
    approved: undefined,
    firstAsked: message.amountMinor ?? 0n,
    open: 0n,
    openBilled: 0n,
    held: 0n,
    reversed: 0n,
    reversedBilled: 0n,
    approvedBilled: 0n,
    cleared: 0n,
    clearedBilled: 0n,
    final: false,
    charges: [],
    openedAt: now,
    touchedAt: 0,
    expiresAt: undefined,
    answerBy,
    fresh: false,
    releasedLate: false,
  };
}

export function charge(tx: NaiveTransaction, now: number, change: bigint): void {
  if (change > 0n) tx.charges.push({ at: now, sum: change });
  for (let left = -change; left > 0n; ) {
    const newest = tx.charges.pop();
    if (newest === undefined) throw new Error('giving back more than was charged');
    if (newest.sum > left) tx.charges.push({ at: newest.at, sum: newest.sum - left });
    left -= smaller(newest.sum, left);
  }
}

/** Takes `sum` of what is open; says how much that was in the account's currency. */
export function take(tx: NaiveTransaction, sum: bigint): bigint {
  const all = sum === tx.open;
  const takenBilled = all ? tx.openBilled : share(tx.openBilled, sum, tx.open);
  tx.held -= all ? tx.held : share(tx.held, sum, tx.open);
  tx.openBilled -= takenBilled;
  tx.open -= sum;
  return takenBilled;
}

/** What is wrong with a reversal; '' when it took what it asked for. */
export function reverse(tx: NaiveTransaction, m: NetworkMessage, now: number): string {
  if (tx.final) return 'nothing_to_reverse';
  const { amountMinor: amount, remainingAmountMinor: rest } = m;
  let sum = tx.open;
  if (rest !== undefined && rest > 0n) {
    if (m.currency !== tx.currency) return 'over_reversal';
    const stands = rest > tx.cleared ? rest - tx.cleared : 0n;
    sum = tx.open - smaller(tx.open, stands);
  } else if (amount !== undefined && rest === undefined) {
    if (m.currency !== tx.currency) return 'over_reversal';
    if (amount <= tx.open) sum = amount;
    else if (amount !== tx.firstAsked && amount !== (tx.approved ?? 0n)) return 'over_reversal';
  }
  if (sum === tx.open) tx.state = { pending: 'voided', partially_settled: 'settled' }[tx.state] ?? tx.state;
  const takenBilled = take(tx, sum);
  tx.reversed += sum;
  tx.reversedBilled += takenBilled;
  charge(tx, now, -takenBilled);
  return '';
}
