// reversal.ts: a reversal undoes what its original holds, posted or announced, all or part of it.

import { proportionHalfUp } from '@holdfast/money';
import type { Account } from '../accounts/account.ts';
import type {
  AccountEvent,
  AuthorizationReversed,
  FinancialAuthorizationReversed,
  RefundAuthorizationReversed,
  ReversalRefused,
} from '../events.ts';
import type { CommandId } from '../ids.ts';
import { move, post } from '../ledger/entry.ts';
import { DAY_MS, toIso } from '../time.ts';
import { changeOf, currencyOf, unsettle } from './amounts.ts';
import { chargesFor } from './charges.ts';
import type { MessageContext } from './context.ts';
import { kindOf, type NetworkMessage, type ReversalMessage } from './message.ts';
import { findOriginal } from './original.ts';
import { type Posted, shareOf } from './posted.ts';
import type { Flag } from './reasons.ts';
import {
  incrementOf,
  isCleared,
  statusPostedBack,
  statusReleased,
  type Transaction,
  take,
  wasApproved,
  wasDecided,
} from './transaction.ts';

/** How long a reversal waits for its original. */
export const PARKED_MS = 7 * DAY_MS;

export function decideReversal(
  account: Account,
  message: ReversalMessage,
  context: MessageContext,
): readonly AccountEvent[] {
  const original = findOriginal(account, message, context.now);
  if (original === undefined || awaitsOriginal(original.transaction, message)) {
    return [{ type: 'ReversalParked', data: { message, parkedUntil: toIso(context.now + PARKED_MS) } }];
  }
  const flags: readonly Flag[] = original.ambiguous ? ['ambiguous_original'] : [];
  return [applyReversal(account, original.transaction, message, context, { flags })];
}

/** Only clearings, or refunds, have come: what the reversal means may be on its way. */
function awaitsOriginal(tx: Transaction, { original }: ReversalMessage): boolean {
  const { finallyCleared, creditExpiresAt, status } = tx;
  const anything =
    wasDecided(tx) || wasApproved(tx) || finallyCleared || creditExpiresAt !== undefined || status === 'declined';
  return !anything && (original === undefined || kindOf(original.type) !== 'increment');
}

export type AppliedReversal =
  | AuthorizationReversed
  | FinancialAuthorizationReversed
  | RefundAuthorizationReversed
  | ReversalRefused;

/** How a reversal that finds its original is noted. */
type Noted = { readonly flags?: readonly Flag[]; readonly unparked?: readonly CommandId[] };

/** What a reversal does to its original. */
export function applyReversal(
  account: Account,
  tx: Transaction,
  message: ReversalMessage,
  context: MessageContext,
  noted: Noted,
): AppliedReversal {
  const { transactionId } = tx;
  const { flags = [], unparked } = noted;
  const said = { transactionId, message, flags, ...(unparked === undefined ? {} : { unparked }) };
  const undoing = undoingOf(tx, message);
  const asked = amountUndone(tx, message, undoing);
  if (typeof asked === 'string') {
    const more: readonly Flag[] = asked === 'over_reversal' ? ['over_reversal'] : [];
    return { type: 'ReversalRefused', data: { ...said, reason: asked, flags: [...flags, ...more] } };
  }
  switch (undoing.what) {
    case 'hold':
      return releaseHold(account, tx, said, asked, context);
    case 'posting':
      return postBack(account, tx, said, undoing.posted, asked, context);
    case 'pending credit':
      return { type: 'RefundAuthorizationReversed', data: { ...said, ...dropCredit(tx, asked, 'voided') } };
    default:
      return undoing satisfies never;
  }
}

/** What of a transaction a reversal undoes, and how much of that is left. Transaction currency. */
type Undoing = { readonly leftMinor: bigint; readonly whole: readonly bigint[] | 'any' } & (
  | { readonly what: 'hold' | 'pending credit' }
  | { readonly what: 'posting'; readonly posted: Posted }
);

/** `whole` are the amounts that mean all of it, also when less is left; of what added nothing, any does. */
function undoingOf(tx: Transaction, message: ReversalMessage): Undoing {
  const { openMinor, approvedMinor, pendingCreditMinor } = tx.totals;
  const increment = incrementOf(tx, message);
  if (increment !== undefined) {
    const leftMinor = increment.leftMinor < openMinor ? increment.leftMinor : openMinor;
    return { what: 'hold', leftMinor, whole: [increment.requestedMinor, increment.approvedMinor] };
  }
  const whole = [tx.firstRequestedMinor, tx.firstApprovedMinor, approvedMinor];
  const hold = { what: 'hold', leftMinor: openMinor, whole } as const;
  const posted = tx.posted.find(({ by }) => by === 'financial_authorization');
  const posting = posted && ({ what: 'posting', posted, leftMinor: posted.amountMinor, whole } as const);
  const credit = {
    what: 'pending credit',
    leftMinor: pendingCreditMinor,
    whole: tx.creditExpiresAt === undefined ? 'any' : [tx.announcedMinor],
  } as const;
  switch (message.original === undefined ? undefined : kindOf(message.original.type)) {
    case 'increment':
      // One that added nothing, or that an advice has replaced.
      return { what: 'hold', leftMinor: 0n, whole: 'any' };
    case 'refund_authorization':
      return credit;
    case 'financial_authorization':
      return posting ?? hold;
    case undefined:
      if (openMinor > 0n) return hold;
      return posting ?? (tx.purchase ? hold : credit);
    default:
      return hold;
  }
}

/** How much a reversal undoes, in transaction currency. */
function amountUndone(
  tx: Transaction,
  { amountMinor, remainingAmountMinor, currency }: ReversalMessage,
  { what, leftMinor, whole }: Undoing,
): bigint | 'over_reversal' | 'nothing_to_reverse' {
  if (tx.finallyCleared && what !== 'pending credit') return 'nothing_to_reverse';
  if (whole === 'any') return 0n;
  if (remainingAmountMinor !== undefined && remainingAmountMinor > 0n) {
    if (currency !== tx.currency) return 'over_reversal';
    const { openMinor, clearedMinor, refundedMinor } = tx.totals;
    // What came of it already: it stands whatever is reversed.
    const came = { hold: clearedMinor, posting: clearedMinor - leftMinor, 'pending credit': refundedMinor }[what];
    const stands = remainingAmountMinor > came ? remainingAmountMinor - came : 0n;
    const isLeft = what === 'hold' ? openMinor : leftMinor;
    const over = stands < isLeft ? isLeft - stands : 0n;
    return over < leftMinor ? over : leftMinor;
  }
  if (amountMinor === undefined || remainingAmountMinor === 0n) return leftMinor;
  if (currency !== tx.currency) return 'over_reversal';
  if (amountMinor <= leftMinor) return amountMinor;
  return whole.includes(amountMinor) ? leftMinor : 'over_reversal';
}

type Said = {
  readonly transactionId: Transaction['transactionId'];
  readonly message: NetworkMessage;
  readonly flags: readonly Flag[];
  readonly unparked?: readonly CommandId[];
};

function releaseHold(
  account: Account,
  tx: Transaction,
  said: Said,
  openMinor: bigint,
  { now }: MessageContext,
): AuthorizationReversed {
  const taken = take(tx, openMinor);
  const entry = move('held', 'available', taken.heldMinor, currencyOf(account));
  return {
    type: 'AuthorizationReversed',
    data: {
      ...said,
      taken,
      spending: chargesFor(tx, -taken.openAccountMinor, toIso(now)),
      status: openMinor === tx.totals.openMinor ? statusReleased(tx, 'voided') : tx.status,
      entry,
      balances: post(account.balances, entry),
    },
  };
}

/** Of a single message: what it posted goes back, in the share that is reversed. */
function postBack(
  account: Account,
  tx: Transaction,
  said: Said,
  posted: Posted,
  amountMinor: bigint,
  { now }: MessageContext,
): FinancialAuthorizationReversed {
  const share = shareOf(posted, amountMinor);
  const { accountMinor } = share;
  const entry = unsettle(said.message.network, share, currencyOf(account));
  return {
    type: 'FinancialAuthorizationReversed',
    data: {
      ...said,
      change: {
        totals: { clearedMinor: -amountMinor, reversedMinor: amountMinor },
        accountTotals: { clearedMinor: -accountMinor, reversedMinor: accountMinor },
      },
      share,
      spending: chargesFor(tx, -accountMinor, toIso(now)),
      status: statusPostedBack(tx, share),
      entry,
      balances: post(account.balances, entry),
    },
  };
}

/** `amountMinor` of the pending credit is pending no more; `released` is what becomes of one that held nothing else. */
export function dropCredit(
  tx: Transaction,
  amountMinor: bigint,
  released: 'voided' | 'expired',
): Pick<RefundAuthorizationReversed['data'], 'change' | 'status'> {
  const { pendingCreditMinor, refundedMinor } = tx.totals;
  const pendingAccountMinor = tx.accountTotals.pendingCreditMinor;
  const all = amountMinor === pendingCreditMinor;
  const accountMinor = all
    ? pendingAccountMinor
    : proportionHalfUp(pendingAccountMinor, amountMinor, pendingCreditMinor);
  const nothingElse = !wasDecided(tx) && !wasApproved(tx) && !isCleared(tx) && refundedMinor === 0n;
  return {
    change: changeOf('pendingCreditMinor', -amountMinor, -accountMinor),
    status: all && nothingElse && tx.status === 'pending' ? released : tx.status,
  };
}
