// currency.ts: ISO 4217 currencies, their numeric codes and minor-unit exponents.

import currencyCodes from 'currency-codes';

declare const brand: unique symbol;

/** An ISO 4217 alphabetic code that `isCurrencyCode` accepts, such as `EUR`. */
export type CurrencyCode = string & { readonly [brand]: 'CurrencyCode' };

export type Currency = {
  readonly code: CurrencyCode;
  /** ISO 4217 numeric code, three digits, such as `978`. */
  readonly numeric: string;
  /** Digits after the decimal point of the major unit: JPY 0, EUR 2, KWD 3. */
  readonly exponent: number;
  readonly name: string;
};

/**
 * What ISO 4217 changed after the data of currency-codes 2.2.0 (list of 2024-06-25): XCG replaces ANG (2025-03-31), BGN
 * leaves with Bulgaria's euro (2026-01-01). ANG and BGN are kept, since old transactions carry them.
 */
const SUPPLEMENT = [{ code: 'XCG', number: '532', digits: 2, currency: 'Caribbean Guilder' }];

/** Codes that ISO 4217 lists but that are no money to hold: metals, bond units, the test code, no currency. */
const NOT_MONEY = /^(X(AG|AU|PD|PT|BA|BB|BC|BD|DR|SU|UA|TS|XX))$/;

const currencies = new Map<string, Currency>();
for (const { code, number, digits, currency: name } of [...currencyCodes.data, ...SUPPLEMENT]) {
  if (NOT_MONEY.test(code)) continue;
  currencies.set(code, { code: code as CurrencyCode, numeric: number, exponent: digits, name });
}

export function isCurrencyCode(code: string): code is CurrencyCode {
  return currencies.has(code);
}

/** The currency of an ISO 4217 code. Throws `UnknownCurrency` for any other string: check input with `isCurrencyCode`. */
export function currencyOf(code: string): Currency {
  const found = currencies.get(code);
  if (found === undefined) throw new UnknownCurrency(code);
  return found;
}

export function allCurrencies(): readonly Currency[] {
  return [...currencies.values()];
}

export class UnknownCurrency extends Error {
  override name = 'UnknownCurrency';
  constructor(code: string) {
    super(`"${code.slice(0, 16)}" is not an ISO 4217 currency code; use one such as EUR, USD or JPY`);
  }
}
