import { currencyOf } from '@holdfast/money';
import { describe, expect, test } from 'vitest';
import { InvariantBroken } from '../invariant.ts';
import { assertBalanced, type Entry, MAX_BALANCE_MINOR, move, post } from './entry.ts';

const EUR = currencyOf('EUR').code;
const USD = currencyOf('USD').code;
const debit = (debitMinor: bigint, currency = EUR) => ({ account: 'available', currency, debitMinor }) as const;
const credit = (creditMinor: bigint, currency = EUR) => ({ account: 'held', currency, creditMinor }) as const;

describe('an entry', () => {
  test.each<[string, Entry]>([
    ['nothing', []],
    ['two legs', [debit(5n), credit(5n)]],
    ['three legs', [debit(5n), credit(2n), credit(3n)]],
    ['two currencies, each balanced', [debit(5n), credit(5n), debit(7n, USD), credit(7n, USD)]],
  ])('of %s is balanced', (_, entry) => expect(() => assertBalanced(entry)).not.toThrow());

  test.each<[string, Entry]>([
    ['one leg', [debit(5n)]],
    ['two legs that differ', [debit(5n), credit(4n)]],
    ['two currencies, balanced only together', [debit(5n), credit(5n, USD)]],
    ['two currencies, one of them off', [debit(5n), credit(5n), debit(7n, USD), credit(8n, USD)]],
    ['a leg of zero', [debit(0n), credit(0n)]],
    ['legs below zero', [debit(-5n), credit(-5n)]],
    ['a debit of zero beside what is balanced', [debit(5n), credit(5n), debit(0n)]],
    ['a credit of zero beside what is balanced', [debit(5n), credit(5n), credit(0n)]],
    ['a debit below zero that another makes good', [debit(5n), debit(-5n)]],
    ['a credit below zero that another makes good', [credit(5n), credit(-5n)]],
  ])('of %s is refused', (_, entry) => expect(() => assertBalanced(entry)).toThrow(InvariantBroken));

  test('that moves nothing has no legs', () => expect(move('bank', 'available', 0n, EUR)).toEqual([]));

  test('cannot move less than nothing', () =>
    expect(() => move('bank', 'available', -1n, EUR)).toThrow(InvariantBroken));
});

describe('posting', () => {
  const start = { availableMinor: 100n, heldMinor: 50n };

  test.each<[string, Entry, bigint, bigint]>([
    ['bank to available', move('bank', 'available', 10n, EUR), 110n, 50n],
    ['available to held', move('available', 'held', 10n, EUR), 90n, 60n],
    ['held to available', move('held', 'available', 50n, EUR), 150n, 0n],
    ['available to settlement, overdrawing', move('available', 'settlement:visa', 101n, EUR), -1n, 50n],
    ['suspense to settlement', move('suspense', 'settlement:visa', 10n, EUR), 100n, 50n],
  ])('%s', (_, entry, availableMinor, heldMinor) => expect(post(start, entry)).toEqual({ availableMinor, heldMinor }));

  test('more than is held is refused', () =>
    expect(() => post(start, move('held', 'available', 51n, EUR))).toThrow(InvariantBroken));

  test.each<[string, { availableMinor: bigint; heldMinor: bigint }, Entry, boolean]>([
    ['up to 2^53 − 1', { availableMinor: 0n, heldMinor: 0n }, move('bank', 'available', MAX_BALANCE_MINOR, EUR), true],
    ['beyond it', { availableMinor: 1n, heldMinor: 0n }, move('bank', 'available', MAX_BALANCE_MINOR, EUR), false],
    [
      'beyond it with what is held',
      { availableMinor: 0n, heldMinor: 1n },
      move('bank', 'available', MAX_BALANCE_MINOR, EUR),
      false,
    ],
    [
      'down to −(2^53 − 1)',
      { availableMinor: 0n, heldMinor: 0n },
      move('available', 'fees', MAX_BALANCE_MINOR, EUR),
      true,
    ],
    [
      'up to 2^53 − 1 of it held',
      { availableMinor: -1n, heldMinor: MAX_BALANCE_MINOR - 1n },
      move('available', 'held', 1n, EUR),
      true,
    ],
    [
      'more of it held, though not in all',
      { availableMinor: -1n, heldMinor: MAX_BALANCE_MINOR },
      move('available', 'held', 1n, EUR),
      false,
    ],
    ['below it', { availableMinor: -1n, heldMinor: 0n }, move('available', 'fees', MAX_BALANCE_MINOR, EUR), false],
  ])('%s', (_, before, entry, fits) => {
    if (fits) expect(() => post(before, entry)).not.toThrow();
    else expect(() => post(before, entry)).toThrow(InvariantBroken);
  });
});
