// authorization.ts: the stored form of what is decided about what is asked, of advices, and of how a hold ends.

import { z } from 'zod';
import { limitsSeen } from './controls.ts';
import {
  change,
  conversion,
  flags,
  hash22,
  minor,
  nonNegativeMinor,
  reasonCode,
  reasons,
  responseCode,
  share,
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
const approval = {
  transactionId,
  message,
  responseCode: z.enum(['00', '10']),
  authorizationCode: text,
  requestedAccountMinor: nonNegativeMinor,
  approvedMinor: nonNegativeMinor,
  approvedAccountMinor: nonNegativeMinor,
  conversion: conversion.exactOptional(),
  spending,
  ...decided,
  ...moved,
};
const decline = {
  message,
  responseCode,
  reason: reasonCode,
  unparked: unparked.exactOptional(),
  requestedAccountMinor: nonNegativeMinor.exactOptional(),
  conversion: conversion.exactOptional(),
  balances,
  ...decided,
};
const fact = { transactionId, message, flags, change, spending, status, ...moved };
const advised = { ...fact, conversion: conversion.exactOptional(), expiresAt: time };

export const authorizationEvents = {
  AuthorizationApproved: z.strictObject({
    ...approval,
    heldMinor: nonNegativeMinor,
    openMinor: nonNegativeMinor.exactOptional(),
    openAccountMinor: nonNegativeMinor.exactOptional(),
    advised: z.literal(true).exactOptional(),
    expiresAt: time,
  }),
  IncrementApproved: z.strictObject({ ...approval, heldMinor: nonNegativeMinor, change, status, expiresAt: time }),
  FinancialAuthorizationApproved: z.strictObject({
    ...approval,
    postedMinor: nonNegativeMinor,
    amountPostedMinor: nonNegativeMinor,
    change,
    status,
  }),
  RefundAuthorized: z.strictObject({
    transactionId,
    message,
    authorizationCode: text,
    flags,
    requestedAccountMinor: nonNegativeMinor,
    change,
    status,
    conversion: conversion.exactOptional(),
    answerBy: time,
    expiresAt: time,
    versions,
  }),
  AuthorizationDeclined: z.strictObject({ transactionId, ...decline }),
  IncrementDeclined: z.strictObject({ transactionId: transactionId.exactOptional(), ...decline }),
  InquiryAnswered: z.strictObject({
    message,
    responseCode,
    reason: reasonCode.exactOptional(),
    reasons,
    spendableMinor: minor,
    answerBy: time,
    versions,
  }),
  AuthorizationAdvised: z.strictObject(advised),
  IncrementAdvised: z.strictObject(advised),
  AdviceRecorded: z.strictObject({
    message,
    flags,
    reason: reasonCode.exactOptional(),
    transactionId: transactionId.exactOptional(),
    status: status.exactOptional(),
    unparked: unparked.exactOptional(),
  }),
  FinancialAuthorizationReversed: z.strictObject({ ...fact, unparked: unparked.exactOptional(), share }),
  RefundAuthorizationReversed: z.strictObject({
    transactionId,
    message,
    flags,
    unparked: unparked.exactOptional(),
    change,
    status,
  }),
  PendingCreditExpired: z.strictObject({ transactionId, expiresAt: time, change, status }),
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
  LateApprovalReleased: z.strictObject({ ...released, change: change.exactOptional() }),
  AnswerRepeated: z.strictObject({ transactionId, repeats: hash22 }),
};
