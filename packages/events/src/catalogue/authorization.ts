// authorization.ts: the stored form of what is decided about an authorization and of how its hold ends.

import { z } from 'zod';
import { limitsSeen } from './controls.ts';
import {
  flags,
  hash22,
  nonNegativeMinor,
  reasonCode,
  reasons,
  responseCode,
  spending,
  status,
  taken,
  text,
  time,
  transactionId,
  unparked,
  versions,
} from './fields.ts';
import { balances, moved } from './ledger.ts';
import { message } from './message.ts';

const decided = { flags, reasons, answerBy: time, limits: limitsSeen, versions };
const released = { transactionId, taken, spending, status, ...moved };

export const authorizationEvents = {
  AuthorizationApproved: z.strictObject({
    transactionId,
    message,
    responseCode: z.enum(['00', '10']),
    authorizationCode: text,
    requestedAccountMinor: nonNegativeMinor,
    approvedMinor: nonNegativeMinor,
    approvedAccountMinor: nonNegativeMinor,
    heldMinor: nonNegativeMinor,
    openMinor: nonNegativeMinor.exactOptional(),
    openAccountMinor: nonNegativeMinor.exactOptional(),
    spending,
    expiresAt: time,
    ...decided,
    ...moved,
  }),
  AuthorizationDeclined: z.strictObject({
    transactionId,
    message,
    responseCode,
    reason: reasonCode,
    unparked: unparked.exactOptional(),
    requestedAccountMinor: nonNegativeMinor.exactOptional(),
    balances,
    ...decided,
  }),
  AuthorizationReversed: z.strictObject({ message, flags, unparked: unparked.exactOptional(), ...released }),
  ReversalRefused: z.strictObject({
    transactionId,
    message,
    reason: z.enum(['over_reversal', 'nothing_to_reverse']),
    flags,
    unparked: unparked.exactOptional(),
  }),
  ReversalParked: z.strictObject({ message, parkedUntil: time }),
  AuthorizationExpired: z.strictObject({ expiresAt: time, ...released }),
  LateApprovalReleased: z.strictObject(released),
  AnswerRepeated: z.strictObject({ transactionId, repeats: hash22 }),
};
