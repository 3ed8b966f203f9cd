// amounts.ts: amounts as people write them, `43.60 USD`, to minor units and back.

import { type CurrencyCode, currencyOf } from '@holdfast/money';

export type Amount = { readonly amountMinor: bigint; readonly currency: CurrencyCode };

/** `43.60 USD` or, in the currency that is usual where it stands, `43.60`. Throws `SyntaxError` for anything else. */
export function amountOf(text: string, usual: CurrencyCode): Amount {
  const parts = /^(-?)([0-9]+)(?:\.([0-9]+))?(?: ([A-Z]{3}))?$/.exec(text);
  const [, sign = '', units = '', fraction = '', code = usual] = parts ?? [];
  const { code: currency, exponent } = currencyOf(code);
  if (parts === null || fraction.length !== exponent) throw new SyntaxError(`"${text}" is not an amount of ${code}`);
  return { amountMinor: BigInt(sign + units + fraction), currency };
}

export function minor(text: string, usual: CurrencyCode): bigint {
  return amountOf(text, usual).amountMinor;
}
