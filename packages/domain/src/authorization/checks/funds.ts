// funds.ts: the amount must be spendable: available balance plus credit line.

import { spendableMinor } from '../../accounts/account.ts';
import type { Check } from './check.ts';

export const rateKnown: Check = ({ amountMinor }) => (amountMinor === undefined ? 'fx_rate_missing' : undefined);

/** Nothing asked for needs nothing, also when facts have overdrawn the account. */
export const funds: Check = ({ account, amountMinor }) =>
  amountMinor === undefined || amountMinor === 0n || amountMinor <= spendableMinor(account)
    ? undefined
    : 'insufficient_funds';
