import { describe, expect, test } from 'vitest';
import { amountIn, convert, isExchanged, PLACES } from './places.ts';

describe('conversion by the simulated network', () => {
  test.each([
    // amount, from, to, converted, rate
    [4_000, 'EUR', 'USD', 4_336, '1.084000'],
    [4_336, 'USD', 'EUR', 4_000, '0.922509'],
    [10_000, 'JPY', 'EUR', 6_094, '0.006094'], // JPY 10,000 (no minor unit) × 0.006094 = EUR 60.94
    [6_094, 'EUR', 'JPY', 10_000, '164.100000'],
    [1_234, 'KWD', 'EUR', 371, '3.003003'], // KWD 1.234 (three decimals) × 3.003003 = EUR 3.71
    [1, 'SEK', 'EUR', 1, '0.088183'], // never nothing for something
  ])('%i %s is %s %i at %s', (amount, from, to, converted, rate) => {
    expect(convert(amount, from, to)).toEqual({ amount: converted, rate });
  });

  test('does not exist where the network has no rate', () => {
    expect(convert(100, 'EUR', 'XOF')).toBeUndefined();
    expect(convert(100, 'XOF', 'EUR')).toBeUndefined();
    expect(isExchanged('XOF')).toBe(false);
  });

  test('exists for the currency of every place', () => {
    expect(PLACES.filter(({ currency }) => !isExchanged(currency))).toEqual([]);
  });

  test.each([
    ['EUR', 31, 3_100],
    ['JPY', 31, 5_087],
    ['KWD', 31, 10_323],
    ['XOF', 31, 31], // no rate and no minor unit
    ['EUR', 0.001, 1], // at least one minor unit
  ])('in %s, %f euros are %i', (currency, euros, amount) => {
    expect(amountIn(currency, euros)).toBe(amount);
  });
});
