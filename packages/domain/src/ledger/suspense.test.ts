import { currencyOf } from '@holdfast/money';
import { describe, expect, test } from 'vitest';
import type { DomainEvent, Recorded } from '../events.ts';
import { InvariantBroken } from '../invariant.ts';
import { assertBalanced, type Entry, move } from './entry.ts';
import {
  evolveSuspense,
  forgetSuspense,
  giveSuspended,
  inAccountCurrency,
  itemOf,
  moveSuspended,
  noSuspense,
  openItem,
  type SuspenseSum,
  suspendedBy,
} from './suspense.ts';

const EUR = currencyOf('EUR').code;
const USD = currencyOf('USD').code;
const DEBIT: SuspenseSum = { side: 'debit', amountMinor: 500n, currency: EUR };
const CREDIT: SuspenseSum = { side: 'credit', amountMinor: 500n, currency: EUR };

/** Any event that has an entry will do. */
function posted(entry: Entry, revision = 3, type = 'CorrectionPosted', more: object = {}): Recorded {
  const metadata = { occurredAt: 0, commandId: 'c', correlationId: 'c', actor: 'test' };
  return { type, data: { entry, ...more }, metadata, revision } as unknown as Recorded<DomainEvent>;
}

describe('an entry leaves in suspense', () => {
  test.each<[string, Entry, SuspenseSum | undefined]>([
    ['nothing', move('bank', 'available', 5n, EUR), undefined],
    ['a debit', move('suspense', 'settlement:visa', 500n, EUR), DEBIT],
    ['a credit', move('settlement:visa', 'suspense', 500n, EUR), CREDIT],
    [
      'what two legs come to',
      [...move('suspense', 'settlement:visa', 700n, EUR), ...move('bank', 'suspense', 200n, EUR)],
      DEBIT,
    ],
    [
      'nothing, when its legs come to nothing',
      [...move('suspense', 'bank', 5n, EUR), ...move('bank', 'suspense', 5n, EUR)],
      undefined,
    ],
    [
      'a credit beside what it posts',
      [...move('settlement:visa', 'available', 100n, EUR), ...move('settlement:visa', 'suspense', 500n, EUR)],
      CREDIT,
    ],
  ])('%s', (_, entry, sum) => expect(suspendedBy(posted(entry))).toEqual(sum));

  test('one currency only', () => {
    const entry = [...move('suspense', 'bank', 1n, EUR), ...move('suspense', 'bank', 1n, USD)];
    expect(() => suspendedBy(posted(entry))).toThrow(InvariantBroken);
  });

  test('nothing when it resolves what was there', () => {
    const entry = move('losses', 'suspense', 500n, EUR);
    expect(suspendedBy(posted(entry, 4, 'SuspenseResolved', { revision: 3 }))).toBeUndefined();
    expect(suspendedBy(posted(entry, 4, 'SuspenseAssigned', { revision: 3 }))).toBeUndefined();
  });
});

describe('an item', () => {
  const left = posted(move('suspense', 'settlement:visa', 500n, EUR), 3);
  const resolved = posted(move('losses', 'suspense', 500n, EUR), 8, 'SuspenseResolved', { revision: 3 });

  test('is open until it is resolved, once', () => {
    const items = evolveSuspense(noSuspense(), left);
    expect(openItem(items, 3)).toEqual(DEBIT);
    expect(openItem(items, 2)).toEqual({ refusal: 'suspense_not_found' });
    expect(openItem(evolveSuspense(items, resolved), 3)).toEqual({ refusal: 'suspense_resolved' });
  });

  test('is the same in whatever order its events come back', () => {
    const one = evolveSuspense(evolveSuspense(noSuspense(), left), resolved);
    const other = evolveSuspense(evolveSuspense(noSuspense(), resolved), left);
    expect(other).toEqual(one);
    expect(openItem(other, 3)).toEqual({ refusal: 'suspense_resolved' });
    forgetSuspense(other, 7);
    expect(other.size).toBe(1);
  });

  test('is forgotten when nothing happened to it since', () => {
    const items = evolveSuspense(evolveSuspense(noSuspense(), left), posted(move('suspense', 'bank', 1n, EUR), 5));
    forgetSuspense(items, 4);
    expect([...items.keys()]).toEqual([5]);
    forgetSuspense(items, 5);
    expect([...items.keys()]).toEqual([]);
    const later = evolveSuspense(evolveSuspense(noSuspense(), left), resolved);
    forgetSuspense(later, 7);
    expect(openItem(later, 3)).toEqual({ refusal: 'suspense_resolved' });
  });

  test('is what left it and what resolved it, and no other event', () => {
    expect([left, resolved, posted(move('bank', 'available', 5n, EUR), 4)].map(itemOf)).toEqual([3, 3, undefined]);
  });

  test('is not touched by the item of another stream that was assigned to this one', () => {
    const received = posted(move('in_transit', 'available', 5n, EUR), 8, 'SuspenseReceived', { revision: 3 });
    expect(itemOf(received)).toBeUndefined();
    expect(openItem(evolveSuspense(evolveSuspense(noSuspense(), left), received), 3)).toEqual(DEBIT);
  });

  test('does not come of what leaves nothing in suspense', () =>
    expect(evolveSuspense(noSuspense(), posted(move('bank', 'available', 5n, EUR)))).toBe(noSuspense()));

  test('at the beginning of a stream is forgotten like any other', () => {
    const items = evolveSuspense(noSuspense(), posted(move('suspense', 'settlement:visa', 500n, EUR), 0));
    forgetSuspense(items, 0);
    expect(items.size).toBe(0);
  });

  test('of which only the end is in memory is resolved', () => {
    expect(openItem(evolveSuspense(noSuspense(), resolved), 3)).toEqual({ refusal: 'suspense_resolved' });
  });

  test('of one stream is none of another: what has nothing is shared and stays empty', () => {
    evolveSuspense(noSuspense(), left);
    expect(noSuspense().size).toBe(0);
  });
});

describe('a sum goes', () => {
  test.each<[string, Entry, Entry]>([
    ['to losses', moveSuspended(DEBIT, 'suspense', 'losses'), move('losses', 'suspense', 500n, EUR)],
    [
      'as a credit, to adjustments',
      moveSuspended(CREDIT, 'suspense', 'adjustments'),
      move('suspense', 'adjustments', 500n, EUR),
    ],
    ['to whom it costs', giveSuspended(DEBIT, 'suspense', 500n, EUR), move('available', 'suspense', 500n, EUR)],
    ['to whose it is', giveSuspended(CREDIT, 'in_transit', 500n, EUR), move('in_transit', 'available', 500n, EUR)],
    [
      'to whom it costs in dollars',
      giveSuspended(DEBIT, 'suspense', 540n, USD),
      [...move('available', 'fx', 540n, USD), ...move('fx', 'suspense', 500n, EUR)],
    ],
    [
      'to whose it is in dollars',
      giveSuspended(CREDIT, 'in_transit', 540n, USD),
      [...move('fx', 'available', 540n, USD), ...move('in_transit', 'fx', 500n, EUR)],
    ],
  ])('%s', (_, entry, expected) => {
    expect(entry).toEqual(expected);
    expect(() => assertBalanced(entry)).not.toThrow();
  });

  test('for no other sum in its own currency', () =>
    expect(() => giveSuspended(DEBIT, 'suspense', 501n, EUR)).toThrow(InvariantBroken));

  test.each<[string, typeof EUR, bigint | undefined, bigint | undefined]>([
    ['is itself in its own currency', EUR, undefined, 500n],
    ['may not be given in its own currency', EUR, 500n, undefined],
    ['must be given in another', USD, undefined, undefined],
    ['is what is given in another', USD, 540n, 540n],
  ])('in an account’s currency %s', (_, currency, given, own) =>
    expect(inAccountCurrency(DEBIT, currency, given)).toBe(own),
  );
});
