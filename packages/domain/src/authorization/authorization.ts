// authorization.ts: deciding an authorization: what is approved is held.

import type { Account } from '../accounts/account.ts';
import type { AccountEvent, AuthorizationApproved, SpendingChange } from '../events.ts';
import type { TransactionId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { post } from '../ledger/entry.ts';
import { holdsForMs } from '../programs/holdExpiry.ts';
import { toIso } from '../time.ts';
import { currencyOf, hold } from './amounts.ts';
import type { Approvable, Asked } from './asked.ts';
import { spendingChanges } from './charges.ts';
import type { MessageContext } from './context.ts';
import { join } from './join.ts';
import type { AuthorizationMessage, IncrementMessage } from './message.ts';
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
  asked: Asked,
  amounts: Approvable,
  context: MessageContext,
): AuthorizationApproved {
  const spending = spendingChanges([], amounts.accountMinor, toIso(context.now));
  const data = approval(account, context.transactionId, message, asked, amounts, context, spending);
  return { type: 'AuthorizationApproved', data };
}

/** What is said of a request, or an increment, of which all that is approved is held. */
export function approval(
  account: Account,
  transactionId: TransactionId,
  message: AuthorizationMessage | IncrementMessage,
  { amount, flags, limits, failing }: Asked,
  { approvedMinor, accountMinor, feeMinor }: Approvable,
  { authorizationCode, answerBy, program, now }: MessageContext,
  spending: readonly SpendingChange[],
): AuthorizationApproved['data'] {
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
    spending,
    limits,
    versions: { program: program.version },
    entry,
    balances: post(account.balances, entry),
  };
  // Beside the rest, not among it: that would make the object anew, field by field.
  const { conversion } = amount;
  return conversion === undefined ? data : { ...data, conversion };
}
