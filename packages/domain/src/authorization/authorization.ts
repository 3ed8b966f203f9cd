// authorization.ts: deciding an authorization: what is approved is held.

import type { Account } from '../accounts/account.ts';
import type { AccountEvent, AuthorizationApproved } from '../events.ts';
import { invariant } from '../invariant.ts';
import { post } from '../ledger/entry.ts';
import { holdsForMs } from '../programs/holdExpiry.ts';
import { toIso } from '../time.ts';
import { currencyOf, hold } from './amounts.ts';
import type { Approvable, Asked } from './asked.ts';
import { spendingChanges } from './charges.ts';
import type { MessageContext } from './context.ts';
import { join } from './join.ts';
import type { AuthorizationMessage } from './message.ts';
import { decideRequest } from './request.ts';

export function decideAuthorization(
  account: Account,
  message: AuthorizationMessage,
  context: MessageContext,
): readonly AccountEvent[] {
  return decideRequest(account, message, context, join, approve);
}

function approve(
  account: Account,
  message: AuthorizationMessage,
  { amount, flags, limits, failing }: Asked,
  { approvedMinor, accountMinor, feeMinor }: Approvable,
  { transactionId, authorizationCode, answerBy, program, now }: MessageContext,
): AuthorizationApproved {
  invariant(amount !== undefined, 'approving what no rate can convert');
  const entry = hold(accountMinor, feeMinor, currencyOf(account));
  const data: AuthorizationApproved['data'] = {
    transactionId,
    message,
    responseCode: failing.length === 0 ? '00' : '10',
    authorizationCode,
    reasons: failing,
    flags,
    requestedAccountMinor: amount.minor,
    approvedMinor,
    approvedAccountMinor: accountMinor,
    heldMinor: accountMinor,
    answerBy: toIso(answerBy),
    expiresAt: toIso(now + holdsForMs(program, message.merchant.mcc)),
    spending: spendingChanges([], accountMinor, toIso(now)),
    limits,
    versions: { program: program.version },
    entry,
    balances: post(account.balances, entry),
  };
  // Beside the rest, not among it: that would make the object anew, field by field.
  const { conversion } = amount;
  return { type: 'AuthorizationApproved', data: conversion === undefined ? data : { ...data, conversion } };
}
