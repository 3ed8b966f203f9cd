// account.ts: the stored form of an account's own events.

import { z } from 'zod';
import { controls } from './controls.ts';
import { accountId, currency, depositId, nonNegativeMinor, positiveMinor, programId, text } from './fields.ts';
import { moved } from './ledger.ts';

export const accountEvents = {
  AccountOpened: z.strictObject({
    accountId,
    programId,
    currency,
    name: text.exactOptional(),
    creditLineMinor: nonNegativeMinor,
  }),
  AccountClosed: z.strictObject({ accountId, reason: text.exactOptional() }),
  FundsDeposited: z.strictObject({
    depositId,
    amountMinor: positiveMinor,
    currency,
    reference: text.exactOptional(),
    ...moved,
  }),
  AccountControlsSet: z.strictObject({ controls }),
};
