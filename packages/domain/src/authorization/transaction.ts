// transaction.ts: the life of one transaction: its totals, its state, and the fold of its events.

import type { CurrencyCode } from '@holdfast/money';
import { proportionHalfUp } from '@holdfast/money';
import type { AccountEvent, Recorded, SpendingChange, Taken } from '../events.ts';
import type { CardId, TransactionId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { fromIso, type Instant } from '../time.ts';
import type { NetworkMessage } from './message.ts';

export const TRANSACTION_STATUSES = [
  'pending',
  'partially_settled',
  'settled',
  'voided',
  'expired',
  'declined',
] as const;

export type TransactionStatus = (typeof TRANSACTION_STATUSES)[number];

/** Sums over the messages of a transaction, in minor units of one currency. */
export type Totals = {
  readonly requestedMinor: bigint;
  readonly approvedMinor: bigint;
  /** Approved and not yet reversed, cleared or expired. */
  readonly openMinor: bigint;
  readonly reversedMinor: bigint;
  readonly clearedMinor: bigint;
};

export type Transaction = {
  readonly transactionId: TransactionId;
  readonly cardId: CardId;
  readonly currency: CurrencyCode;
  /** Transaction currency. */
  readonly totals: Totals;
  /** Account currency. */
  readonly accountTotals: Totals;
  /** Account currency. */
  readonly heldMinor: bigint;
  /** What limits still count of it, oldest charge first: in sum what is open and cleared, in account currency. */
  readonly charges: readonly { readonly at: string; readonly amountMinor: bigint }[];
  readonly status: TransactionStatus;
  /** A final clearing came: a reversal moves nothing any more. */
  readonly finallyCleared: boolean;
  readonly firstRequestedMinor: bigint;
  readonly firstApprovedMinor: bigint;
  readonly authorizationCode?: string;
  readonly expiresAt?: Instant;
  /** Of its first message, as sent. */
  readonly transmittedAt?: string;
  readonly openedAt: Instant;
  /** Events so far; a late release looks whether anything came after the approval. */
  readonly events: number;
  readonly answerBy?: Instant;
  readonly answerRepeated: boolean;
  readonly releasedLate: boolean;
  readonly lastRevision: number;
};

const ZERO: Totals = { requestedMinor: 0n, approvedMinor: 0n, openMinor: 0n, reversedMinor: 0n, clearedMinor: 0n };

/** The transaction that an event belongs to, or undefined for one that touches none. */
export function transactionIdOf(event: AccountEvent): TransactionId | undefined {
  return 'transactionId' in event.data ? event.data.transactionId : undefined;
}

/** The transaction after one of its events; undefined before its first. */
export function evolveTransaction(
  before: Transaction | undefined,
  event: Recorded<AccountEvent>,
): Transaction | undefined {
  const { revision } = event;
  switch (event.type) {
    case 'AuthorizationApproved': {
      const { data } = event;
      const tx = before ?? opened(event.data.transactionId, data.message, event);
      const requestedMinor = data.message.amountMinor ?? 0n;
      return touched(tx, revision, {
        totals: raised(tx.totals, requestedMinor, data.approvedMinor, data.openMinor ?? data.approvedMinor),
        accountTotals: raised(
          tx.accountTotals,
          data.requestedAccountMinor,
          data.approvedAccountMinor,
          data.openAccountMinor ?? data.approvedAccountMinor,
        ),
        heldMinor: tx.heldMinor + data.heldMinor,
        charges: charged(tx.charges, data.spending),
        status: statusAfter(tx, (data.openMinor ?? data.approvedMinor) > 0n || tx.totals.clearedMinor === 0n),
        authorizationCode: data.authorizationCode,
        expiresAt: fromIso(data.expiresAt),
        answerBy: fromIso(data.answerBy),
        ...(before === undefined
          ? { firstRequestedMinor: requestedMinor, firstApprovedMinor: data.approvedMinor }
          : {}),
      });
    }
    case 'AuthorizationDeclined': {
      const { data } = event;
      const tx = before ?? opened(data.transactionId, data.message, event);
      const requestedMinor = data.message.amountMinor ?? 0n;
      return touched(tx, revision, {
        totals: raised(tx.totals, requestedMinor, 0n, 0n),
        accountTotals: raised(tx.accountTotals, data.requestedAccountMinor ?? 0n, 0n, 0n),
        ...(before === undefined ? { status: 'declined', firstRequestedMinor: requestedMinor } : {}),
      });
    }
    case 'ClearingPosted': {
      const { data } = event;
      const tx = before ?? opened(data.transactionId, data.message, event);
      const left = taken(tx, data.taken);
      const clearedMinor =
        data.message.currency === tx.currency ? (data.message.amountMinor ?? 0n) : data.taken.openMinor;
      return touched(tx, revision, {
        ...left,
        totals: { ...left.totals, clearedMinor: left.totals.clearedMinor + clearedMinor },
        accountTotals: { ...left.accountTotals, clearedMinor: left.accountTotals.clearedMinor + data.postedMinor },
        charges: charged(tx.charges, data.spending),
        status: data.status,
        finallyCleared: tx.finallyCleared || data.final,
      });
    }
    case 'AuthorizationReversed':
    case 'LateApprovalReleased': {
      invariant(before !== undefined, `${event.type} of an unknown transaction`);
      const left = taken(before, event.data.taken);
      const { openMinor, openAccountMinor } = event.data.taken;
      return touched(before, revision, {
        ...left,
        totals: { ...left.totals, reversedMinor: left.totals.reversedMinor + openMinor },
        accountTotals: { ...left.accountTotals, reversedMinor: left.accountTotals.reversedMinor + openAccountMinor },
        charges: charged(before.charges, event.data.spending),
        status: event.data.status,
        releasedLate: before.releasedLate || event.type === 'LateApprovalReleased',
      });
    }
    case 'AuthorizationExpired':
      invariant(before !== undefined, `${event.type} of an unknown transaction`);
      return touched(before, revision, {
        ...taken(before, event.data.taken),
        charges: charged(before.charges, event.data.spending),
        status: event.data.status,
      });
    case 'AnswerRepeated':
      invariant(before !== undefined, `${event.type} of an unknown transaction`);
      return touched(before, revision, { answerRepeated: true });
    case 'ReversalRefused':
      invariant(before !== undefined, `${event.type} of an unknown transaction`);
      return touched(before, revision, {});
    default:
      return before;
  }
}

function opened(
  transactionId: TransactionId,
  message: NetworkMessage,
  { metadata, revision }: Recorded<AccountEvent>,
): Transaction {
  return {
    transactionId,
    cardId: message.cardId,
    currency: message.currency,
    totals: ZERO,
    accountTotals: ZERO,
    heldMinor: 0n,
    charges: [],
    status: 'pending',
    finallyCleared: false,
    firstRequestedMinor: 0n,
    firstApprovedMinor: 0n,
    ...(message.authorizationCode === undefined ? {} : { authorizationCode: message.authorizationCode }),
    ...(message.transmittedAt === undefined ? {} : { transmittedAt: message.transmittedAt }),
    openedAt: metadata.occurredAt,
    events: 0,
    answerRepeated: false,
    releasedLate: false,
    lastRevision: revision,
  };
}

function touched(tx: Transaction, revision: number, changes: Partial<Transaction>): Transaction {
  const after = { ...tx, ...changes, events: tx.events + 1, lastRevision: revision };
  invariant(after.heldMinor >= 0n, `a hold of ${after.heldMinor} on ${tx.transactionId}`);
  invariant(after.totals.openMinor >= 0n, `${after.totals.openMinor} open on ${tx.transactionId}`);
  invariant(after.totals.openMinor > 0n || after.heldMinor === 0n, `a hold with nothing open on ${tx.transactionId}`);
  return after;
}

function raised(totals: Totals, requestedMinor: bigint, approvedMinor: bigint, openMinor: bigint): Totals {
  return {
    ...totals,
    requestedMinor: totals.requestedMinor + requestedMinor,
    approvedMinor: totals.approvedMinor + approvedMinor,
    openMinor: totals.openMinor + openMinor,
  };
}

function taken(tx: Transaction, { openMinor, openAccountMinor, heldMinor }: Taken) {
  return {
    totals: { ...tx.totals, openMinor: tx.totals.openMinor - openMinor },
    accountTotals: { ...tx.accountTotals, openMinor: tx.accountTotals.openMinor - openAccountMinor },
    heldMinor: tx.heldMinor - heldMinor,
  };
}

/** An approval makes it pending, or leaves it settled when its clearing came first and was for all of it. */
function statusAfter(tx: Transaction, opens: boolean): TransactionStatus {
  if (!opens) return tx.status;
  return tx.totals.clearedMinor > 0n ? 'partially_settled' : 'pending';
}

/** Charges after a change: more spending is a charge of its own, less is taken from the newest first. */
function charged(charges: Transaction['charges'], changes: readonly SpendingChange[]): Transaction['charges'] {
  let after = charges;
  for (const change of changes) {
    const newest = after.at(-1);
    if (change.amountMinor > 0n && newest?.at === change.at) {
      after = [...after.slice(0, -1), { at: change.at, amountMinor: newest.amountMinor + change.amountMinor }];
    } else if (change.amountMinor > 0n) {
      after = [...after, change];
    } else {
      after = after
        .map((charge) =>
          charge.at === change.at ? { at: charge.at, amountMinor: charge.amountMinor + change.amountMinor } : charge,
        )
        .filter((charge) => charge.amountMinor > 0n);
    }
  }
  return after;
}

/** To take `openMinor` of what is open: the one rule by which anything lowers a hold. */
export function take(tx: Transaction, openMinor: bigint): Taken {
  const { openMinor: open } = tx.totals;
  invariant(openMinor >= 0n && openMinor <= open, `taking ${openMinor} of ${open} on ${tx.transactionId}`);
  if (openMinor === open) return { openMinor, openAccountMinor: tx.accountTotals.openMinor, heldMinor: tx.heldMinor };
  return {
    openMinor,
    openAccountMinor: proportionHalfUp(tx.accountTotals.openMinor, openMinor, open),
    heldMinor: proportionHalfUp(tx.heldMinor, openMinor, open),
  };
}

/**
 * How the spending that limits count changes when a transaction's open and cleared money (account currency) changes by
 * `deltaMinor`: a rise is charged now; a fall gives back to the windows that were charged, the newest charge first.
 */
export function spendingChanges(
  tx: Transaction | undefined,
  deltaMinor: bigint,
  now: string,
): readonly SpendingChange[] {
  if (deltaMinor === 0n) return [];
  if (deltaMinor > 0n) return [{ at: now, amountMinor: deltaMinor }];
  const changes: SpendingChange[] = [];
  let left = -deltaMinor;
  const charges = tx?.charges ?? [];
  for (let i = charges.length - 1; i >= 0 && left > 0n; i--) {
    const charge = charges[i];
    if (charge === undefined) break;
    const given = charge.amountMinor < left ? charge.amountMinor : left;
    changes.push({ at: charge.at, amountMinor: -given });
    left -= given;
  }
  invariant(left === 0n, `giving back ${left} more than was charged for ${tx?.transactionId}`);
  return changes;
}
