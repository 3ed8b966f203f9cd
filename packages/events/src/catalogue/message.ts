// message.ts: the stored form of a network message: the card by id, amounts as decimal strings.

import { z } from 'zod';
import { cardId, currency, expiry, mcc, messageType, nonNegativeMinor, text, time } from './fields.ts';

const converted = z.strictObject({ amountMinor: nonNegativeMinor, currency, rate: text.exactOptional() });

export const message = z.strictObject({
  type: messageType,
  cardId,
  cardExpiry: expiry.exactOptional(),
  network: z.string().regex(/^[a-z0-9_]{1,20}$/),
  messageId: text.exactOptional(),
  repeat: z.boolean().exactOptional(),
  networkTransactionId: text.exactOptional(),
  amountMinor: nonNegativeMinor.exactOptional(),
  currency,
  billing: converted.exactOptional(),
  settlement: converted.exactOptional(),
  cashAmountMinor: nonNegativeMinor.exactOptional(),
  surchargeAmountMinor: nonNegativeMinor.exactOptional(),
  interchangeMinor: nonNegativeMinor.exactOptional(),
  remainingAmountMinor: nonNegativeMinor.exactOptional(),
  final: z.boolean().exactOptional(),
  merchant: z
    .strictObject({
      id: text,
      name: text.exactOptional(),
      city: text.exactOptional(),
      country: text.exactOptional(),
      mcc,
    })
    .exactOptional(),
  acquirerId: text.exactOptional(),
  acquirerCountry: text.exactOptional(),
  terminalId: text.exactOptional(),
  stan: text.exactOptional(),
  rrn: text.exactOptional(),
  authorizationCode: text.exactOptional(),
  arn: text.exactOptional(),
  transmittedAt: time.exactOptional(),
  entryMode: text.exactOptional(),
  cardPresent: z.boolean().exactOptional(),
  wallet: text.exactOptional(),
  partialApproval: z.boolean().exactOptional(),
  verification: z
    .strictObject({ avs: text.exactOptional(), threeDs: text.exactOptional(), pin: text.exactOptional() })
    .exactOptional(),
  original: z.strictObject({ type: messageType, stan: text, transmittedAt: time, acquirerId: text }).exactOptional(),
  networkDecision: z.enum(['approved', 'declined']).exactOptional(),
  reason: text.exactOptional(),
  privateData: z.record(z.string().min(1).max(64), z.string().max(512)).exactOptional(),
});
