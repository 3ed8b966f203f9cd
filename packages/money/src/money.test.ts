import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allCurrencies, currencyOf } from './currency.ts';
import { add, CurrencyMismatch, compare, format, formatMinor, money, subtract } from './money.ts';

const EUR = currencyOf('EUR').code;
const USD = currencyOf('USD').code;

describe('money', () => {
  test('adds, subtracts and compares in one currency', () => {
    const [ten, seven] = [money(10n, EUR), money(7n, EUR)];
    expect(add(ten, seven)).toEqual(money(17n, EUR));
    expect(subtract(seven, ten)).toEqual(money(-3n, EUR));
    expect([compare(ten, seven), compare(seven, ten), compare(ten, ten)]).toEqual([1, -1, 0]);
  });

  test.each([
    ['adding', () => add(money(1n, EUR), money(1n, USD))],
    ['subtracting', () => subtract(money(1n, EUR), money(1n, USD))],
    ['comparing', () => compare(money(1n, EUR), money(1n, USD))],
  ])('never mixes currencies: %s', (_, mix) => expect(mix).toThrow(CurrencyMismatch));

  test.each([
    [4_360n, 'EUR', '43.60 EUR'],
    [5n, 'EUR', '0.05 EUR'],
    [0n, 'EUR', '0.00 EUR'],
    [-5n, 'EUR', '-0.05 EUR'],
    [-4_360n, 'EUR', '-43.60 EUR'],
    [-5n, 'JPY', '-5 JPY'],
    [0n, 'JPY', '0 JPY'],
    [1n, 'KWD', '0.001 KWD'],
    [12_345n, 'CLF', '1.2345 CLF'],
    [9n, 'UYW', '0.0009 UYW'],
    [10n ** 30n, 'USD', '10000000000000000000000000000.00 USD'],
  ])('%d minor units of %s read %s', (minor, code, text) => {
    expect(format(money(minor, currencyOf(code).code))).toBe(text);
  });

  test('in words of every currency has exactly its digits, and says the same number', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...allCurrencies()),
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        ({ code, exponent }, minor) => {
          const text = formatMinor(minor, code);
          expect(text).toMatch(exponent === 0 ? /^-?[0-9]+$/ : new RegExp(`^-?[0-9]+\\.[0-9]{${exponent}}$`));
          expect(BigInt(text.replace('.', ''))).toBe(minor);
        },
      ),
    );
  });
});
