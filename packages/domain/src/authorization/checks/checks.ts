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

export function failingReasons(input: CheckInput): ReasonCode[] {
  const failing: ReasonCode[] = [];
  for (const check of CHECKS) {
    const reason = check(input);
    if (reason !== undefined) failing.push(reason);
  }
  return failing;
}
