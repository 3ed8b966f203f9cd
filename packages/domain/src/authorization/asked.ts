// asked.ts: what everything that is asked goes through: its amount, the checks, and how much of it can be approved.

import { type Account, type ParkedReversal, spendableMinor } from '../accounts/account.ts';
import type { Card } from '../cards/card.ts';
import type { LimitSeen } from '../controls/limit.ts';
import type { AuthorizationDeclined } from '../events.ts';
import { broken, invariant } from '../invariant.ts';
import { toIso } from '../time.ts';
import { type AccountAmount, accountAmount, type ConvertedFor, converted, currencyOf } from './amounts.ts';
import { failingReasons } from './checks/checks.ts';
import type { MessageContext } from './context.ts';
import type { NetworkMessage } from './message.ts';
import { parkedFor, undoes } from './parked.ts';
import { type PartialAmounts, partialAmounts } from './partialApproval.ts';
import { type Flag, type ReasonCode, reasons } from './reasons.ts';
import type { Transaction } from './transaction.ts';

/** What is decided about, beside the context. */
export type Asked = {
  readonly message: NetworkMessage;
  /** Undefined when no rate can tell. */
  readonly amount: AccountAmount | undefined;
  readonly flags: readonly Flag[];
  /** What the checks saw. */
  readonly limits: readonly LimitSeen[];
  readonly failing: readonly ReasonCode[];
  readonly parked: readonly ParkedReversal[];
};

const NO_LIMITS: readonly LimitSeen[] = [];

/** Runs the checks. `transaction` is the one that an increment adds to. */
export function ask(
  account: Account,
  message: NetworkMessage,
  context: MessageContext,
  flags: readonly Flag[],
  transaction?: Transaction,
): Asked {
  const { program, now } = context;
  const card = cardOf(account, message);
  const amount = amountAsked(account, message, context, 'decision');
  const parked = parkedFor(account, message, now);
  const checks = { message, program, account, card, now, amountMinor: amount?.minor, limits: NO_LIMITS, transaction };
  const checked = failingReasons(checks);
  const undone = parked.some(({ message: reversal }) => undoes(reversal, message));
  const failing: readonly ReasonCode[] = undone ? ['reversed_before_arrival', ...checked] : checked;
  return { message, amount, flags, limits: checks.limits, failing, parked };
}

/** Nothing asked for is nothing in any currency, whatever a message bills for it. */
export function amountAsked(
  account: Account,
  message: NetworkMessage,
  { program, now }: Pick<MessageContext, 'program' | 'now'>,
  use: ConvertedFor,
): AccountAmount | undefined {
  if (message.amountMinor === 0n) return { minor: 0n, feeMinor: 0n };
  return accountAmount(message, currencyOf(account), program, now, use);
}

export type Approvable = PartialAmounts & {
  /** Of `accountMinor`. */
  readonly feeMinor: bigint;
};

/** All that was asked for when no check fails, less where only funds are missing and the terminal can, else nothing. */
export function approvable(account: Account, { message, amount, failing }: Asked): Approvable | undefined {
  const { amountMinor = 0n, partialApproval } = message;
  if (amount === undefined) return undefined;
  const { minor, feeMinor } = amount;
  if (failing.length === 0) return { approvedMinor: amountMinor, accountMinor: minor, feeMinor };
  const onlyFunds = failing.length === 1 && failing[0] === 'insufficient_funds';
  if (!onlyFunds || partialApproval !== true) return undefined;
  return partialAmounts(amountMinor, minor, feeMinor, spendableMinor(account));
}

/** What every decline says. */
export function decline(
  { balances }: Account,
  { message, amount, flags, limits, failing, parked }: Asked,
  { answerBy, program }: MessageContext,
): Omit<AuthorizationDeclined['data'], 'transactionId'> {
  const [reason] = failing;
  invariant(reason !== undefined, 'a decline without a reason');
  return {
    message,
    responseCode: reasons[reason].responseCode,
    reason,
    reasons: failing,
    flags,
    ...(parked.length === 0 ? {} : { unparked: parked.map(({ commandId }) => commandId) }),
    ...(amount === undefined ? {} : { requestedAccountMinor: amount.minor }),
    ...converted(amount),
    answerBy: toIso(answerBy),
    limits,
    versions: { program: program.version },
    balances,
  };
}

export function cardOf(account: Account, { cardId }: NetworkMessage): Card {
  const card = account.cards.get(cardId);
  if (card === undefined || account.opened === undefined) broken(`${cardId} is not a card of this account`);
  return card;
}
