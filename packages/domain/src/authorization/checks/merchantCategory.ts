// merchantCategory.ts: block and allow lists of merchant category codes, of the card and of the account. Both must pass.

import type { MerchantCategories } from '../../controls/limit.ts';
import type { Check } from './check.ts';

export const cardMerchantCategory: Check = ({ card, message }) => {
  const found = judge(card.controls.merchantCategories, message.merchant?.mcc);
  return found === undefined ? undefined : `merchant_category_${found}`;
};

export const accountMerchantCategory: Check = ({ account, message }) => {
  const found = judge(account.controls.merchantCategories, message.merchant?.mcc);
  return found === undefined ? undefined : `account_merchant_category_${found}`;
};

/** A balance inquiry may say nothing of a merchant. */
function judge(
  { blocked, allowed }: MerchantCategories,
  mcc: string | undefined,
): 'blocked' | 'not_allowed' | undefined {
  if (mcc === undefined) return undefined;
  if (blocked.length > 0 && blocked.includes(mcc)) return 'blocked';
  return allowed.length === 0 || allowed.includes(mcc) ? undefined : 'not_allowed';
}
