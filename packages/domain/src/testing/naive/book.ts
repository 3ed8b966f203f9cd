// book.ts: what the naive account is made of: balances, ledger, controls, and what they say to a message.

import type { NetworkMessage } from '../../authorization/message.ts';
import type { Controls } from '../../controls/limit.ts';
import type { HoldExpiryDays } from '../../programs/holdExpiry.ts';
import { type Money, type Price, type Rate, type Table, total } from './amounts.ts';
import { type Charge, charge, type NaiveTransaction, opened, sumOf } from './transaction.ts';

export const DAY = 24 * 60 * 60 * 1000;

export type Answer = {
  decision: string;
  code: string;
  reasons: string[];
  approved?: bigint | undefined;
  billing?: bigint | undefined;
  spendable?: bigint;
  flags: string[];
};

export type Book = Table & {
  /** Of the message that is being decided; `turn` counts them. */
  turn: number;
  identity: string;
  answerBy: number;
  authorizationCode: string;
  transactions: NaiveTransaction[];
  parked: { message: NetworkMessage; until: number }[];
  /** Debits less credits by ledger account and currency. What is held is not in it: all of it is `available`. */
  ledger: Map<string, bigint>;
  suspended: NetworkMessage[];
  creditLine: bigint;
  programPaused: boolean;
  accountClosed: boolean;
  cards: Map<string, { state: string; expiry: string }>;
  controls: Map<string, Controls>;
  holdDays: HoldExpiryDays;
  rates: Rate[];
};

const CODES: Record<string, string> = {
  ...{ identity_conflict: '94', original_not_found: '25', reversed_before_arrival: '25', declined_by_network: '05' },
  ...{ over_reversal: '13', nothing_to_reverse: '13', currency_differs: '12', answered_late: '91' },
  ...{ program_paused: '57', account_closed: '57', card_closed: '46', card_paused: '62', expiry_mismatch: '54' },
  ...{ merchant_category_blocked: '57', merchant_category_not_allowed: '57', fx_rate_missing: '91' },
  ...{ account_merchant_category_blocked: '57', account_merchant_category_not_allowed: '57' },
  ...{ card_limit_exceeded: '61', account_limit_exceeded: '61', insufficient_funds: '51', card_expired: '54' },
};

export const declined = (reasons: string[], flags: string[] = []): Answer => {
  return { decision: 'declined', code: CODES[reasons[0] ?? ''] ?? '', reasons, flags };
};
export const approved = (t: bigint, a: bigint | undefined, flags: string[], partially = false): Answer => {
  const [decision, code] = partially ? ['partially_approved', '10'] : ['approved', '00'];
  return { decision, code, reasons: partially ? ['insufficient_funds'] : [], approved: t, billing: a, flags };
};
export const accepted = (billing?: bigint, flags: string[] = [], reason?: string): Answer => {
  const refused = reason === undefined ? { code: '00', reasons: [] } : { code: CODES[reason] ?? '', reasons: [reason] };
  return { decision: 'accepted', ...refused, billing, flags };
};

export const heldIn = (book: Book) => book.transactions.reduce((sum, tx) => sum + tx.held, 0n);
export const postedIn = (book: Book) => -(book.ledger.get(`available ${book.currency}`) ?? 0n);
export const spendable = (book: Book) => postedIn(book) - heldIn(book) + book.creditLine;

export function move(book: Book, debit: string, credit: string, { amountMinor, currency }: Money): void {
  const add = (name: string, sum: bigint) => book.ledger.set(name, (book.ledger.get(name) ?? 0n) + sum);
  add(`${debit} ${currency}`, amountMinor);
  add(`${credit} ${currency}`, -amountMinor);
}

/** The cardholder pays a price (gets it back, when it is below zero), and the network is paid what it settles. */
export function pay(book: Book, network: string, { base, markup, settled }: Price, from = 'available'): void {
  const { currency } = book;
  const settlement = `settlement:${network}`;
  if (settled.currency === currency && settled.amountMinor === base) move(book, from, settlement, settled);
  else {
    move(book, from, 'fx', { amountMinor: base, currency });
    move(book, 'fx', settlement, settled);
  }
  move(book, from, 'fees', { amountMinor: markup, currency });
}

export const minus = ({ base, markup, settled, stale }: Price): Price => {
  return { base: -base, markup: -markup, settled: { ...settled, amountMinor: -settled.amountMinor }, stale };
};

export function open(book: Book, m: NetworkMessage, status: string): NaiveTransaction {
  const tx = opened(m, book.transactions.length, book.now, status);
  tx.touched = book.turn;
  book.transactions.push(tx);
  return tx;
}

/** Another message has come for it. */
export function touch(book: Book, tx: NaiveTransaction, m: NetworkMessage): void {
  tx.touched = book.turn;
  tx.messages.push(m);
  tx.fresh = undefined;
}

export function expiryOf({ now, holdDays }: Book, { merchant }: NetworkMessage): number {
  const mcc = Number(merchant?.mcc ?? 0);
  const group =
    mcc === 7011 || (mcc >= 3501 && mcc <= 3999)
      ? 'lodging'
      : mcc === 7512 || mcc === 7513 || (mcc >= 3351 && mcc <= 3500)
        ? 'carRental'
        : mcc === 4411
          ? 'cruise'
          : mcc === 5541 || mcc === 5542 || mcc === 5552
            ? 'fuel'
            : 'other';
  return now + holdDays[group] * DAY;
}

const localDates = new Map<string, Intl.DateTimeFormat>();
function localDate(at: number, timeZone: string): string {
  const format = localDates.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  localDates.set(timeZone, format);
  return format.format(at);
}

export function spentToday({ transactions, now }: Book, zone: string, card?: string): bigint {
  const today = localDate(now, zone);
  const isToday = ({ at }: Charge) => localDate(at, zone) === today;
  const counted = transactions.filter((tx) => card === undefined || tx.card === card);
  return sumOf(counted.flatMap(({ charges }) => charges.filter(isToday)));
}

/** Whether `more` is too much for a limit of the card or, without one, of the account. */
function isOver(book: Book, card: string | undefined, inTransaction: bigint, more: bigint): boolean {
  return (book.controls.get(card ?? 'account')?.limits ?? []).some(({ window, amountMinor }) =>
    window.kind === 'transaction'
      ? inTransaction + more > amountMinor
      : spentToday(book, window.timeZone, card) + more > amountMinor,
  );
}

/** Charges limits for what a fact has changed, and says which of them it breaks. */
export function chargeFact(book: Book, tx: NaiveTransaction): string[] {
  const more = charge(tx, book.now);
  if (more <= 0n) return [];
  const inTransaction = sumOf(tx.charges);
  return isOver(book, undefined, inTransaction, 0n) || isOver(book, tx.card, inTransaction, 0n) ? ['over_limit'] : [];
}

export const overdrawn = (book: Book) => (spendable(book) < 0n ? ['overdrawn'] : []);

/** What is wrong with the card, the account and the program. */
export function barred(book: Book, m: NetworkMessage): string[] {
  const reasons: string[] = [];
  const card = book.cards.get(m.cardId);
  if (book.programPaused) reasons.push('program_paused');
  if (book.accountClosed) reasons.push('account_closed');
  if (card?.state !== 'active') reasons.push(`card_${card?.state}`);
  if (m.cardExpiry !== undefined && m.cardExpiry !== card?.expiry) reasons.push('expiry_mismatch');
  for (const [name, whose] of [
    ['', m.cardId],
    ['account_', 'account'],
  ] as const) {
    const { blocked, allowed } = book.controls.get(whose)?.merchantCategories ?? { blocked: [], allowed: [] };
    const mcc = m.merchant?.mcc;
    if (mcc === undefined) continue;
    if (blocked.includes(mcc)) reasons.push(`${name}merchant_category_blocked`);
    else if (allowed.length > 0 && !allowed.includes(mcc)) reasons.push(`${name}merchant_category_not_allowed`);
  }
  return reasons;
}

/** Everything that forbids to approve what is asked, in the order in which it is told. `standing`: approved before. */
export function failing(
  book: Book,
  m: NetworkMessage,
  price: Price | undefined,
  standing = 0n,
  card: string = m.cardId,
): string[] {
  const reasons = barred(book, m);
  if (price === undefined) return [...reasons, 'fx_rate_missing'];
  const asked = total(price);
  if (asked === 0n) return reasons;
  if (isOver(book, card, standing, asked)) reasons.push('card_limit_exceeded');
  if (isOver(book, undefined, standing, asked)) reasons.push('account_limit_exceeded');
  if (asked > spendable(book)) reasons.push('insufficient_funds');
  return reasons;
}
