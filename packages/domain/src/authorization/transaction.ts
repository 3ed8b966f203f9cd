// transaction.ts: the life of one transaction: its totals, its state, and the fold of its events.

import type { CurrencyCode } from '@holdfast/money';
import { proportionHalfUp } from '@holdfast/money';
import type {
  AccountEvent,
  AuthorizationApproved,
  AuthorizationExpired,
  AuthorizationReversed,
  ClearingPosted,
  LateApprovalReleased,
  Recorded,
  Taken,
} from '../events.ts';
import type { CardId, TransactionId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { fromIso, type Instant } from '../time.ts';
import { type Charges, charged } from './charges.ts';
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
  /** Of its first message: whose limits it counts against. */
  readonly cardId: CardId;
  readonly currency: CurrencyCode;
  /** Transaction currency. */
  readonly totals: Totals;
  /** Account currency. */
  readonly accountTotals: Totals;
  /** Account currency. */
  readonly heldMinor: bigint;
  /** What limits still count of it, oldest charge first: in sum what is open and cleared, in account currency. */
  readonly charges: Charges;
  readonly status: TransactionStatus;
  /** A final clearing came: a reversal moves nothing any more. */
  readonly finallyCleared: boolean;
  readonly firstRequestedMinor: bigint;
  readonly firstApprovedMinor: bigint;
  readonly authorizationCode: string | undefined;
  readonly expiresAt: Instant | undefined;
  /** Of its first message, as sent. */
  readonly transmittedAt: string | undefined;
  readonly openedAt: Instant;
  readonly openedRevision: number;
  /** Of its authorization; absent while only clearings have come. */
  readonly answerBy: Instant | undefined;
  /** Nothing has touched it since its approval: a late approval can still be released. */
  readonly undisturbed: boolean;
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
  switch (event.type) {
    case 'AuthorizationApproved':
      return checked(approved(before, event));
    case 'AuthorizationDeclined': {
      const { message, transactionId, requestedAccountMinor, answerBy } = event.data;
      const tx = before ?? opened(transactionId, message, event);
      const requestedMinor = message.amountMinor ?? 0n;
      return {
        ...touched(tx, event),
        totals: raised(tx.totals, requestedMinor, 0n, 0n),
        accountTotals: raised(tx.accountTotals, requestedAccountMinor ?? 0n, 0n, 0n),
        status: 'declined',
        answerBy: fromIso(answerBy),
        firstRequestedMinor: requestedMinor,
      };
    }
    case 'ClearingPosted': {
      const { data } = event;
      const left = takenFrom(before ?? opened(data.transactionId, data.message, event), event);
      const sameCurrency = data.message.currency === left.currency;
      const clearedMinor = sameCurrency ? (data.message.amountMinor ?? 0n) : data.taken.openMinor;
      return checked({
        ...left,
        totals: { ...left.totals, clearedMinor: left.totals.clearedMinor + clearedMinor },
        accountTotals: { ...left.accountTotals, clearedMinor: left.accountTotals.clearedMinor + data.postedMinor },
        finallyCleared: left.finallyCleared || data.final,
      });
    }
    case 'AuthorizationReversed':
    case 'LateApprovalReleased': {
      const left = takenFrom(present(before, event), event);
      const { openMinor, openAccountMinor } = event.data.taken;
      return checked({
        ...left,
        totals: { ...left.totals, reversedMinor: left.totals.reversedMinor + openMinor },
        accountTotals: { ...left.accountTotals, reversedMinor: left.accountTotals.reversedMinor + openAccountMinor },
        releasedLate: left.releasedLate || event.type === 'LateApprovalReleased',
      });
    }
    case 'AuthorizationExpired':
      return checked(takenFrom(present(before, event), event));
    case 'AnswerRepeated':
    case 'ReversalRefused':
      return touched(present(before, event), event);
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
    authorizationCode: message.authorizationCode,
    expiresAt: undefined,
    transmittedAt: message.transmittedAt,
    openedAt: metadata.occurredAt,
    openedRevision: revision,
    answerBy: undefined,
    undisturbed: false,
    releasedLate: false,
    lastRevision: revision,
  };
}

/** An approval makes it pending, or leaves it settled when its clearing came first and was for all of it. */
function approved(before: Transaction | undefined, event: Recorded<AuthorizationApproved>): Transaction {
  const { data, revision } = event;
  const { message, approvedMinor, approvedAccountMinor } = data;
  const requestedMinor = message.amountMinor ?? 0n;
  const openMinor = data.openMinor ?? approvedMinor;
  const openAccountMinor = data.openAccountMinor ?? approvedAccountMinor;
  const tx = inCurrencyOf(message, before ?? opened(data.transactionId, message, event), approvedMinor - openMinor);
  const nothingLeft = openMinor === 0n && before !== undefined;
  return {
    ...tx,
    totals: raised(tx.totals, requestedMinor, approvedMinor, openMinor),
    accountTotals: raised(tx.accountTotals, data.requestedAccountMinor, approvedAccountMinor, openAccountMinor),
    heldMinor: tx.heldMinor + data.heldMinor,
    charges: charged(tx.charges, data.spending),
    status: nothingLeft ? tx.status : before === undefined ? 'pending' : 'partially_settled',
    firstRequestedMinor: requestedMinor,
    firstApprovedMinor: approvedMinor,
    authorizationCode: data.authorizationCode,
    expiresAt: fromIso(data.expiresAt),
    answerBy: fromIso(data.answerBy),
    undisturbed: true,
    lastRevision: revision,
  };
}

/** A clearing in another currency came first: what it left of the approval says how much of it was cleared. */
function inCurrencyOf({ currency }: NetworkMessage, tx: Transaction, clearedMinor: bigint): Transaction {
  return currency === tx.currency ? tx : { ...tx, currency, totals: { ...tx.totals, clearedMinor } };
}

type Taking = Recorded<AuthorizationReversed | LateApprovalReleased | ClearingPosted | AuthorizationExpired>;

function takenFrom(tx: Transaction, event: Taking): Transaction {
  const { taken, spending, status } = event.data;
  const { totals, accountTotals } = tx;
  return {
    ...touched(tx, event),
    totals: { ...totals, openMinor: totals.openMinor - taken.openMinor },
    accountTotals: { ...accountTotals, openMinor: accountTotals.openMinor - taken.openAccountMinor },
    heldMinor: tx.heldMinor - taken.heldMinor,
    charges: charged(tx.charges, spending),
    status,
  };
}

/** A reversal that waited for the approval and was applied with it is no later message. */
function touched(tx: Transaction, { data, revision }: Recorded<AccountEvent>): Transaction {
  return { ...tx, undisturbed: tx.undisturbed && 'unparked' in data, lastRevision: revision };
}

function present(tx: Transaction | undefined, { type }: AccountEvent): Transaction {
  invariant(tx !== undefined, `${type} of an unknown transaction`);
  return tx;
}

function checked(tx: Transaction): Transaction {
  const { openMinor } = tx.totals;
  invariant(tx.heldMinor >= 0n, `a hold of ${tx.heldMinor} on ${tx.transactionId}`);
  invariant(openMinor >= 0n, `${openMinor} open on ${tx.transactionId}`);
  invariant(openMinor > 0n || tx.heldMinor === 0n, `a hold with nothing open on ${tx.transactionId}`);
  return tx;
}

function raised(totals: Totals, requestedMinor: bigint, approvedMinor: bigint, openMinor: bigint): Totals {
  // Of nearly every transaction: adding nothing would make each amount anew.
  if (totals === ZERO) return { requestedMinor, approvedMinor, openMinor, reversedMinor: 0n, clearedMinor: 0n };
  return {
    requestedMinor: totals.requestedMinor + requestedMinor,
    approvedMinor: totals.approvedMinor + approvedMinor,
    openMinor: totals.openMinor + openMinor,
    reversedMinor: totals.reversedMinor,
    clearedMinor: totals.clearedMinor,
  };
}

/** True once an authorization was decided for it, whichever way. */
export function wasDecided({ answerBy }: Transaction): boolean {
  return answerBy !== undefined;
}

/** True once an authorization was approved for it, also of zero. */
export function wasApproved({ expiresAt }: Transaction): boolean {
  return expiresAt !== undefined;
}

/** What a transaction becomes when all that is open of it is released, for the reason that `released` names. */
export function statusReleased({ status }: Transaction, released: 'voided' | 'expired'): TransactionStatus {
  if (status === 'partially_settled') return 'settled';
  return status === 'pending' ? released : status;
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
