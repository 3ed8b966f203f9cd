// request.ts: what a request for money is decided by, whether it is to be held or posted at once.

import type { Account } from '../accounts/account.ts';
import type { AccountEvent } from '../events.ts';
import { type Approvable, type Asked, approvable, ask, cardOf, decline } from './asked.ts';
import type { MessageContext } from './context.ts';
import { ownLater, refusedLater } from './join.ts';
import type { AuthorizationMessage, FinancialAuthorizationMessage } from './message.ts';
import { ofNetworkTransaction } from './original.ts';
import { applyParked, isUndone } from './parked.ts';
import type { Flag } from './reasons.ts';
import type { Transaction } from './transaction.ts';

// Of nearly all decisions, which remember them for ever.
const NO_FLAGS: readonly Flag[] = [];
const KNOWN: readonly Flag[] = ['known_network_transaction'];

/**
 * Joins it to its own later message, if that came first and a rate is known for it; else runs the checks, and approves
 * it as a transaction of its own or declines it.
 */
export function decideRequest<Message extends AuthorizationMessage | FinancialAuthorizationMessage>(
  account: Account,
  message: Message,
  context: MessageContext,
  join: (account: Account, later: Transaction, message: Message, context: MessageContext) => AccountEvent | undefined,
  approve: (
    account: Account,
    message: Message,
    asked: Asked,
    amounts: Approvable,
    context: MessageContext,
  ) => AccountEvent,
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
  const amounts = refused === undefined ? approvable(account, asked) : undefined;
  if (amounts === undefined) {
    const { transactionId } = later !== undefined && refused !== undefined ? later : context;
    const failing = refused === undefined ? asked.failing : [refused, ...asked.failing];
    const declined = decline(account, { ...asked, failing }, context);
    return [{ type: 'AuthorizationDeclined', data: { transactionId, ...declined } }];
  }
  return applyParked(account, undefined, approve(account, message, asked, amounts, context), message, context);
}
