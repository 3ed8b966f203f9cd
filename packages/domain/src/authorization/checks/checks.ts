// checks.ts: the checks in their fixed order. All are run; the first that fails is the reason, the others are kept.

import type { ReasonCode } from '../reasons.ts';
import type { Check, CheckInput } from './check.ts';
import { funds, rateKnown } from './funds.ts';
import { accountMerchantCategory, cardMerchantCategory } from './merchantCategory.ts';
import { accountLimits, cardLimits } from './spendingLimits.ts';
import { accountState, cardNotExpired, cardState, expiryMatches, programState } from './states.ts';

export const CHECKS: readonly Check[] = [
  programState,
  accountState,
  cardState,
  cardNotExpired,
  expiryMatches,
  cardMerchantCategory,
  accountMerchantCategory,
  rateKnown,
  cardLimits,
  accountLimits,
  funds,
];

/** None: the same list each time, since most decisions have none and remember it for ever. */
const NONE: readonly ReasonCode[] = [];

export function failingReasons(input: CheckInput): readonly ReasonCode[] {
  let failing = NONE;
  for (const check of CHECKS) {
    const reason = check(input);
    if (reason !== undefined) failing = [...failing, reason];
  }
  return failing;
}
