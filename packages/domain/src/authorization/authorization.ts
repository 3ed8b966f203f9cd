// authorization.ts: deciding an authorization: the checks, a partial approval, and what came before it.

import { type Account, type ParkedReversal, spendableMinor } from '../accounts/account.ts';
import type { LimitSeen } from '../controls/limit.ts';
import type { AccountEvent, AuthorizationApproved, AuthorizationDeclined } from '../events.ts';
import { invariant } from '../invariant.ts';
import { move, post } from '../ledger/entry.ts';
import { DAY_MS, toIso } from '../time.ts';
import { accountAmount } from './amounts.ts';
import { spendingChanges } from './charges.ts';
import { failingReasons } from './checks/checks.ts';
import type { MessageContext } from './context.ts';
import { join, ownClearing } from './join.ts';
import type { AuthorizationMessage } from './message.ts';
import { ofNetworkTransaction } from './original.ts';
import { applyParked, parkedFor, undoes } from './parked.ts';
import { type PartialAmounts, partialAmounts } from './partialApproval.ts';
import { type Flag, type ReasonCode, reasons } from './reasons.ts';

/** What is decided about, beside the context. */
type Asked = {
  readonly message: AuthorizationMessage;
  /** In account currency; undefined when no rate can tell. */
  readonly amountMinor: bigint | undefined;
  readonly flags: readonly Flag[];
  /** What the checks saw. */
  readonly limits: readonly LimitSeen[];
  readonly failing: readonly ReasonCode[];
  readonly parked: readonly ParkedReversal[];
};

export function decideAuthorization(
  account: Account,
  message: AuthorizationMessage,
  context: MessageContext,
): readonly AccountEvent[] {
  const { program, now } = context;
  const card = account.cards.get(message.cardId);
  invariant(card !== undefined && account.opened !== undefined, `${message.cardId} is not a card of this account`);
  // Nothing asked for is nothing in any currency, whatever a message bills for it.
  const amountMinor = message.amountMinor === 0n ? 0n : accountAmount(message, account.opened.currency);
  const parked = parkedFor(account, message, now);
  const reversed = parked.some(({ message: reversal }) => undoes(reversal, message));
  const known = ofNetworkTransaction(account, message);
  if (known.length > 0 && amountMinor !== undefined && !reversed) {
    const tx = ownClearing(known, message);
    if (tx !== undefined) {
      return applyParked(account, tx, join(account, tx, message, amountMinor, context), parked, context);
    }
  }
  const limits: LimitSeen[] = [];
  const failing = failingReasons({ message, program, account, card, now, amountMinor, limits });
  if (reversed) failing.unshift('reversed_before_arrival');
  const flags: readonly Flag[] = known.length > 0 ? ['known_network_transaction'] : [];
  const asked: Asked = { message, amountMinor, flags, limits, failing, parked };
  const amounts = approvable(account, asked);
  if (amounts === undefined) return [decline(account, asked, context)];
  return applyParked(account, undefined, approve(account, asked, amounts, context), parked, context);
}

/** All that was asked for when no check fails, less where only funds are missing and the terminal can, else nothing. */
function approvable(account: Account, { message, amountMinor, failing }: Asked): PartialAmounts | undefined {
  if (amountMinor === undefined) return undefined;
  if (failing.length === 0) return { approvedMinor: message.amountMinor, accountMinor: amountMinor };
  const onlyFunds = failing.length === 1 && failing[0] === 'insufficient_funds';
  if (!onlyFunds || message.partialApproval !== true) return undefined;
  return partialAmounts(message.amountMinor, amountMinor, spendableMinor(account));
}

function approve(
  account: Account,
  { message, amountMinor, flags, limits, failing }: Asked,
  { approvedMinor, accountMinor }: PartialAmounts,
  { transactionId, authorizationCode, answerBy, program, now }: MessageContext,
): AuthorizationApproved {
  const currency = account.opened?.currency;
  invariant(currency !== undefined && amountMinor !== undefined, 'approving what no rate can convert');
  const entry = move('available', 'held', accountMinor, currency);
  return {
    type: 'AuthorizationApproved',
    data: {
      transactionId,
      message,
      responseCode: failing.length === 0 ? '00' : '10',
      authorizationCode,
      reasons: failing,
      flags,
      requestedAccountMinor: amountMinor,
      approvedMinor,
      approvedAccountMinor: accountMinor,
      heldMinor: accountMinor,
      answerBy: toIso(answerBy),
      expiresAt: toIso(now + program.holdExpiryDays * DAY_MS),
      spending: spendingChanges([], accountMinor, toIso(now)),
      limits,
      versions: { program: program.version },
      entry,
      balances: post(account.balances, entry),
    },
  };
}

function decline(
  { balances }: Account,
  { message, amountMinor, flags, limits, failing, parked }: Asked,
  { transactionId, answerBy, program }: MessageContext,
): AuthorizationDeclined {
  const [reason] = failing;
  invariant(reason !== undefined, 'a decline without a reason');
  return {
    type: 'AuthorizationDeclined',
    data: {
      transactionId,
      message,
      responseCode: reasons[reason].responseCode,
      reason,
      reasons: failing,
      flags,
      ...(parked.length === 0 ? {} : { unparked: parked.map(({ commandId }) => commandId) }),
      ...(amountMinor === undefined ? {} : { requestedAccountMinor: amountMinor }),
      answerBy: toIso(answerBy),
      limits,
      versions: { program: program.version },
      balances,
    },
  };
}
