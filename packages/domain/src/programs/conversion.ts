// conversion.ts: an amount by a program's rate table, and what an event keeps of that.

import { type CurrencyCode, convert } from '@holdfast/money';
import type { RateFound } from './rates.ts';

/** How an amount came into the account's currency: enough to calculate it again. */
export type Conversion = {
  readonly from: CurrencyCode;
  readonly to: CurrencyCode;
  readonly rate: string;
  /** One `to` is `rate` of `from`. */
  readonly inverse?: true;
  readonly source: string;
  readonly validFrom: string;
  /** In `to`, before the mark-up. */
  readonly baseMinor: bigint;
  readonly markupBasisPoints: number;
  readonly markupMinor: bigint;
  /** The rate was not valid at that moment. */
  readonly stale?: true;
};

/** In minor units of `to`, half up. */
export function convertBy(found: RateFound, amountMinor: bigint, from: CurrencyCode, to: CurrencyCode): bigint {
  return convert(amountMinor, from, to, found.rate, found.inverse ? 'inverse' : 'direct');
}
