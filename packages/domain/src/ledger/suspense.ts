// suspense.ts: what entries leave in suspense: each sum is an item, open until somebody says whose it is.

import type { CurrencyCode } from '@holdfast/money';
import type { DomainEvent, Recorded } from '../events.ts';
import { invariant } from '../invariant.ts';
import type { LedgerAccount } from './chart.ts';
import { type Entry, move, signedMinor } from './entry.ts';

/** A sum above zero, and the side of `suspense` on which it stands: a debit is to be paid by somebody, a credit is somebody's. */
export type SuspenseSum = {
  readonly side: 'debit' | 'credit';
  readonly amountMinor: bigint;
  readonly currency: CurrencyCode;
};

/** Of an event of a stream, by its revision. */
export type SuspenseItem = {
  /** Undefined while the event that left it there is not in memory. */
  readonly sum: SuspenseSum | undefined;
  readonly resolved: boolean;
  readonly lastRevision: number;
};

/** Changed in place, as the account is that holds them. */
export type SuspenseItems = Map<number, SuspenseItem>;

/** Where an item can go beside an account. */
export const SUSPENSE_TO = ['losses', 'adjustments'] as const;
export type SuspenseTo = (typeof SUSPENSE_TO)[number];

export type ItemRefusal = 'suspense_not_found' | 'suspense_resolved';

/** Of all streams without one: never written to. */
const NONE: SuspenseItems = new Map();

export function noSuspense(): SuspenseItems {
  return NONE;
}

/** Under which an item, and what resolved it, are found again. */
export function suspenseKey(revision: number): string {
  return `s|${revision}`;
}

/** The item that an event leaves, or undefined. */
export function suspendedBy(event: DomainEvent): SuspenseSum | undefined {
  if (!('entry' in event.data) || resolvedBy(event) !== undefined) return undefined;
  let sumMinor = 0n;
  let currency: CurrencyCode | undefined;
  for (const leg of event.data.entry) {
    if (leg.account !== 'suspense') continue;
    invariant(currency === undefined || currency === leg.currency, `${event.type} suspends two currencies`);
    currency = leg.currency;
    sumMinor += signedMinor(leg);
  }
  if (currency === undefined || sumMinor === 0n) return undefined;
  return sumMinor > 0n
    ? { side: 'debit', amountMinor: sumMinor, currency }
    : { side: 'credit', amountMinor: -sumMinor, currency };
}

/** The revision of the item in its stream that an event resolves, or undefined. */
export function resolvedBy({ type, data }: DomainEvent): number | undefined {
  return type === 'SuspenseResolved' || type === 'SuspenseAssigned' ? data.revision : undefined;
}

/** The revision of the item that an event is about, or undefined. */
export function itemOf(event: Recorded): number | undefined {
  return resolvedBy(event) ?? (suspendedBy(event) === undefined ? undefined : event.revision);
}

/** The items in memory after an event of their stream, in whatever order these come back. */
export function evolveSuspense(items: SuspenseItems, event: Recorded): SuspenseItems {
  if (!('entry' in event.data)) return items;
  const resolved = resolvedBy(event);
  const sum = suspendedBy(event);
  const revision = resolved ?? (sum === undefined ? undefined : event.revision);
  if (revision === undefined) return items;
  const before = items.get(revision);
  const after = {
    sum: sum ?? before?.sum,
    resolved: resolved !== undefined || before?.resolved === true,
    lastRevision: Math.max(event.revision, before?.lastRevision ?? -1),
  };
  return (items === NONE ? new Map() : items).set(revision, after);
}

/** Those that did not change after `through`, which the index can bring back, are forgotten. */
export function forgetSuspense(items: SuspenseItems, through: number): void {
  for (const [revision, { lastRevision }] of items) if (lastRevision <= through) items.delete(revision);
}

/** An item that is open, or why there is none. It must be in memory, if there is one. */
export function openItem(items: SuspenseItems, revision: number): SuspenseSum | { readonly refusal: ItemRefusal } {
  const item = items.get(revision);
  if (item === undefined) return { refusal: 'suspense_not_found' };
  if (item.resolved) return { refusal: 'suspense_resolved' };
  invariant(item.sum !== undefined, `what was suspended at revision ${revision} is not in memory`);
  return item.sum;
}

/** Moves a sum from `from` (`suspense`, or `in_transit` on its way) to another account in the same currency. */
export function moveSuspended(
  { side, amountMinor, currency }: SuspenseSum,
  from: LedgerAccount,
  to: LedgerAccount,
): Entry {
  return side === 'debit' ? move(to, from, amountMinor, currency) : move(from, to, amountMinor, currency);
}

/** The same to `available`, in an account's currency: over `fx` when that is another. */
export function giveSuspended(
  sum: SuspenseSum,
  from: LedgerAccount,
  accountMinor: bigint,
  currency: CurrencyCode,
): Entry {
  if (currency !== sum.currency) {
    const own: SuspenseSum = { side: sum.side, amountMinor: accountMinor, currency };
    return [...moveSuspended(own, 'fx', 'available'), ...moveSuspended(sum, from, 'fx')];
  }
  invariant(accountMinor === sum.amountMinor, `${accountMinor} for ${sum.amountMinor} of the same currency`);
  return moveSuspended(sum, from, 'available');
}

/**
 * What an item is in an account's currency: given when that is another one, and only then. Undefined when it is given and
 * must not be, or the other way round.
 */
export function inAccountCurrency(
  sum: SuspenseSum,
  currency: CurrencyCode,
  givenMinor: bigint | undefined,
): bigint | undefined {
  if (currency !== sum.currency) return givenMinor;
  return givenMinor === undefined ? sum.amountMinor : undefined;
}
