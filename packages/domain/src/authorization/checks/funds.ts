// funds.ts: the amount must be spendable: available balance plus credit line.

import { spendableMinor } from '../../accounts/account.ts';
import type { Check } from './check.ts';

export const rateKnown: Check = ({ amountMinor }) => (amountMinor === undefined ? 'fx_rate_missing' : undefined);

export const funds: Check = ({ account, amountMinor }) =>
  amountMinor === undefined || amountMinor <= spendableMinor(account) ? undefined : 'insufficient_funds';
