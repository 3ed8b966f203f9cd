// account.ts: the stored form of an account's own events.

import { CORRECTION_AGAINST, SUSPENSE_TO } from '@holdfast/domain';
import { z } from 'zod';
import { controls } from './controls.ts';
import {
  accountId,
  correctionId,
  currency,
  depositId,
  flags,
  minor,
  nonNegativeMinor,
  positiveMinor,
  programId,
  text,
  withdrawalId,
} from './fields.ts';
import { moved, suspendedSum } from './ledger.ts';

const spendable = z.strictObject({ availableMinor: minor, spendableMinor: minor });

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
  FundsWithdrawn: z.strictObject({
    withdrawalId,
    amountMinor: positiveMinor,
    currency,
    reference: text.exactOptional(),
    ...moved,
  }),
  CorrectionPosted: z.strictObject({
    correctionId,
    direction: z.enum(['credit', 'debit']),
    amountMinor: positiveMinor,
    currency,
    against: z.enum(CORRECTION_AGAINST),
    reason: text,
    reference: text.exactOptional(),
    flags,
    ...moved,
  }),
  CreditLineSet: z.strictObject({ creditLineMinor: nonNegativeMinor }),
  SuspenseResolved: z.strictObject({
    ...suspendedSum,
    to: z.enum(['available', ...SUSPENSE_TO]),
    accountMinor: positiveMinor.exactOptional(),
    reason: text,
    flags,
    ...moved,
  }),
  SuspenseReceived: z.strictObject({ ...suspendedSum, stream: text, accountMinor: positiveMinor, flags, ...moved }),
  AccountOverdrawn: spendable,
  AccountRecovered: spendable,
  AccountControlsSet: z.strictObject({ controls }),
};
