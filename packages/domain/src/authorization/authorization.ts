// authorization.ts: deciding an authorization: the checks, a partial approval, and what came before it.

import type { Account } from '../accounts/account.ts';
import type { AccountEvent, AuthorizationApproved } from '../events.ts';
import { invariant } from '../invariant.ts';
import { post } from '../ledger/entry.ts';
import { holdsForMs } from '../programs/holdExpiry.ts';
import { toIso } from '../time.ts';
import { currencyOf, hold } from './amounts.ts';
import { type Approvable, type Asked, approvable, ask, cardOf, decline } from './asked.ts';
import { spendingChanges } from './charges.ts';
import type { MessageContext } from './context.ts';
import { join, ownLater, refusedLater } from './join.ts';
import type { AuthorizationMessage } from './message.ts';
import { ofNetworkTransaction } from './original.ts';
import { applyParked, isUndone } from './parked.ts';
import type { Flag } from './reasons.ts';

// Of nearly all decisions, which remember them for ever.
const NO_FLAGS: readonly Flag[] = [];
const KNOWN: readonly Flag[] = ['known_network_transaction'];

export function decideAuthorization(
  account: Account,
  message: AuthorizationMessage,
  context: MessageContext,
): readonly AccountEvent[] {
  cardOf(account, message);
  const known = ofNetworkTransaction(account, message);
  const later = known.length === 0 || isUndone(account, message, context.now) ? undefined : ownLater(known, message);
  const refused = later === undefined ? undefined : refusedLater(later);
  if (later !== undefined && refused === undefined) {
    const joined = join(account, later, message, context);
    if (joined !== undefined) return applyParked(account, later, joined, message, context);
  }
  const flags = known.length > 0 && refused === undefined ? KNOWN : NO_FLAGS;
  const asked = ask(account, message, context, flags);
  if (later !== undefined && refused !== undefined) {
    const { transactionId } = later;
    const failing = [refused, ...asked.failing];
    return [
      { type: 'AuthorizationDeclined', data: { transactionId, ...decline(account, { ...asked, failing }, context) } },
    ];
  }
  const amounts = approvable(account, asked);
  if (amounts === undefined) {
    const { transactionId } = context;
    return [{ type: 'AuthorizationDeclined', data: { transactionId, ...decline(account, asked, context) } }];
  }
  return applyParked(account, undefined, approve(account, message, asked, amounts, context), message, context);
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
