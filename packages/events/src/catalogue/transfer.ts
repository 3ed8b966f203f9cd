// transfer.ts: the stored form of what the two accounts of a transfer say of it.

import { TRANSFER_REFUSALS } from '@holdfast/domain';
import { z } from 'zod';
import { accountId, currency, positiveMinor, text, transferId } from './fields.ts';
import { moved } from './ledger.ts';

const sum = { transferId, amountMinor: positiveMinor, currency };
const reason = z.enum(TRANSFER_REFUSALS);

export const transferEvents = {
  TransferSent: z.strictObject({ ...sum, target: accountId, reference: text.exactOptional(), ...moved }),
  TransferReceived: z.strictObject({ ...sum, source: accountId, reference: text.exactOptional(), ...moved }),
  TransferRefused: z.strictObject({ transferId, source: accountId, reason }),
  TransferCompleted: z.strictObject({ transferId }),
  TransferReturned: z.strictObject({ ...sum, reason, ...moved }),
};
