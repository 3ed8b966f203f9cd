// evolveTransaction.ts: a transaction after one of its events.

import type { CurrencyCode } from '@holdfast/money';
import type {
  AccountEvent,
  AuthorizationApproved,
  AuthorizationExpired,
  AuthorizationReversed,
  Change,
  ClearingPosted,
  LateApprovalReleased,
  Recorded,
  SpendingChange,
} from '../events.ts';
import type { TransactionId } from '../ids.ts';
import { broken, invariant } from '../invariant.ts';
import { fromIso } from '../time.ts';
import { type Charges, charged, chargesOf, isUsual } from './charges.ts';
import { kindOf, type NetworkMessage } from './message.ts';
import { isLeft, type Posted, restated, settledBy, without } from './posted.ts';
import { changed, NO_TOTALS, type Totals } from './totals.ts';
import {
  type Increment,
  incrementOf,
  type Releasable,
  type Sent,
  type Transaction,
  type TransactionStatus,
  wasApproved,
} from './transaction.ts';

// Of nearly all transactions.
const NOTHING_CHARGED: Charges = [];
const NO_INCREMENTS: readonly Increment[] = [];
const NOTHING_POSTED: readonly Posted[] = [];
const NONE_LATE: readonly number[] = [];

/** The transaction after one of its events; undefined before its first. */
export function evolveTransaction(
  before: Transaction | undefined,
  event: Recorded<AccountEvent>,
): Transaction | undefined {
  const after = evolve(before, event);
  if (after === undefined || after === before) return after;
  return checked(after.purchase || !isOfPurchase(event) ? after : { ...after, purchase: true });
}

function isOfPurchase({ type, data }: AccountEvent): boolean {
  if (!('message' in data) || type === 'IncrementDeclined') return false;
  const kind = kindOf(data.message.type);
  return kind === 'authorization' || kind === 'clearing' || kind === 'increment' || kind === 'financial_authorization';
}

function evolve(before: Transaction | undefined, event: Recorded<AccountEvent>): Transaction | undefined {
  switch (event.type) {
    case 'AuthorizationApproved':
      return approved(before, event);
    case 'AuthorizationDeclined': {
      const { message, transactionId, requestedAccountMinor = 0n } = event.data;
      const tx = before ?? opened(transactionId, message, event);
      // What was to be given back is no request for money.
      if (message.type === 'refund_authorization') return { ...touched(tx, event), status: 'declined' };
      const requestedMinor = message.amountMinor ?? 0n;
      return {
        ...touched(tx, event),
        totals: changed(tx.totals, { requestedMinor }),
        accountTotals: changed(tx.accountTotals, { requestedMinor: requestedAccountMinor }),
        status: 'declined',
        decided: true,
        firstRequestedMinor: requestedMinor,
      };
    }
    case 'IncrementApproved': {
      const { data } = event;
      const tx = moved(present(before, event), data, event);
      return {
        ...tx,
        finallyCleared: tx.finallyCleared && tx.totals.openMinor === 0n,
        expiresAt: fromIso(data.expiresAt),
        increments: raisedBy(tx, data, event),
        releasable: releasable(event, 'hold', data.answerBy, data.change.totals?.openMinor),
      };
    }
    case 'FinancialAuthorizationApproved': {
      const { data } = event;
      const left = data.amountPostedMinor;
      const moves = moved(before ?? opened(data.transactionId, data.message, event), data, event);
      // Where the network's advice says what stands, it has its currency too.
      const confirms = data.change.totals?.approvedMinor === undefined;
      const anew = data.message.currency !== moves.currency && !confirms;
      const tx = anew ? { ...moves, posted: restated(moves.posted, moves.totals.clearedMinor - left) } : moves;
      return {
        ...tx,
        currency: confirms ? tx.currency : data.message.currency,
        decided: true,
        financial: !tx.advised,
        firstRequestedMinor: data.message.amountMinor ?? 0n,
        firstApprovedMinor: data.approvedMinor,
        authorizationCode: data.authorizationCode,
        posted: withPosted(tx, event, 'financial_authorization', left, data.postedMinor),
        releasable: releasable(event, 'posting', data.answerBy, left),
      };
    }
    case 'RefundAuthorized': {
      const { data } = event;
      return {
        ...moved(before ?? opened(data.transactionId, data.message, event), data, event),
        announcedMinor: (before?.announcedMinor ?? 0n) + (data.message.amountMinor ?? 0n),
        creditExpiresAt: fromIso(data.expiresAt),
        releasable: releasable(event, 'credit', data.answerBy, data.change.totals?.pendingCreditMinor),
      };
    }
    case 'AuthorizationAdvised': {
      const { data } = event;
      const { message } = data;
      const tx = moved(before ?? opened(data.transactionId, message, event), data, event);
      // After a final clearing, and on a single message.
      if (data.change.totals === undefined) return tx;
      const amountMinor = message.amountMinor ?? 0n;
      const first = before === undefined || !(before.decided || before.advised);
      return {
        ...tx,
        currency: message.currency,
        advised: true,
        expiresAt: fromIso(data.expiresAt),
        firstRequestedMinor: first ? amountMinor : tx.firstRequestedMinor,
        firstApprovedMinor: wasApproved(tx) ? tx.firstApprovedMinor : amountMinor,
        // They are part of the total now: a reversal of one takes nothing, an advice of one adds nothing.
        increments: tx.increments.map((increment) => ({ ...increment, leftMinor: 0n })),
      };
    }
    case 'IncrementAdvised': {
      const { data } = event;
      const tx = moved(before ?? opened(data.transactionId, data.message, event), data, event);
      const adds = data.change.totals?.approvedMinor;
      return {
        ...tx,
        finallyCleared: tx.finallyCleared && tx.totals.openMinor === 0n,
        expiresAt: fromIso(data.expiresAt),
        // Without totals it only confirms one that is here.
        increments: adds === undefined ? tx.increments : raisedBy(tx, { ...data, approvedMinor: adds }, event),
      };
    }
    case 'AdviceRecorded': {
      const { transactionId, message, status } = event.data;
      if (transactionId === undefined) return before;
      const tx = before ?? opened(transactionId, message, event);
      const declinedByNetwork = tx.declinedByNetwork || status === 'declined';
      const undone = tx.undone || status === 'voided';
      return { ...touched(tx, event), status: status ?? tx.status, declinedByNetwork, undone };
    }
    case 'ClearingPosted':
      return cleared(before, event);
    case 'AuthorizationReversed': {
      const left = reversed(present(before, event), event);
      const { message, taken } = event.data;
      const meant = incrementOf(left, message);
      if (meant === undefined) return left;
      const lowered = { ...meant, leftMinor: meant.leftMinor - taken.openMinor };
      return { ...left, increments: left.increments.map((each) => (each === meant ? lowered : each)) };
    }
    case 'LateApprovalReleased':
      return releasedAsLate(present(before, event), event);
    case 'FinancialAuthorizationReversed': {
      const tx = moved(present(before, event), event.data, event);
      const { share } = event.data;
      return { ...tx, posted: lessPosted(tx, isFinancial, share) };
    }
    case 'ClearingReversed': {
      const tx = moved(present(before, event), event.data, event);
      const { share, clearingRevision } = event.data;
      return { ...tx, posted: lessPosted(tx, ({ revision }) => revision === clearingRevision, share) };
    }
    case 'RefundPosted':
    case 'RefundReversed':
      return moved(before ?? opened(event.data.transactionId, event.data.message, event), event.data, event);
    case 'RefundAuthorizationReversed':
    case 'PendingCreditExpired':
      return moved(present(before, event), event.data, event);
    case 'AuthorizationExpired':
      return takenFrom(present(before, event), event);
    case 'AnswerRepeated':
    case 'ReversalRefused':
      return touched(present(before, event), event);
    case 'IncrementDeclined':
      return event.data.transactionId === undefined ? before : touched(present(before, event), event);
    default:
      return before;
  }
}

/** One that nobody else has yet, so that it may still be written: a copy for each change costs more than the change. */
type Draft = { -readonly [Field in keyof Transaction]: Transaction[Field] };

function opened(transactionId: TransactionId, message: NetworkMessage, event: Recorded<AccountEvent>): Draft {
  const { metadata, revision } = event;
  return {
    transactionId,
    cardId: message.cardId,
    network: message.network,
    currency: message.currency,
    totals: NO_TOTALS,
    accountTotals: NO_TOTALS,
    heldMinor: 0n,
    charges: NOTHING_CHARGED,
    givenBackMinor: 0n,
    status: 'pending',
    finallyCleared: false,
    firstRequestedMinor: 0n,
    firstApprovedMinor: 0n,
    authorizationCode: message.authorizationCode,
    expiresAt: undefined,
    creditExpiresAt: undefined,
    transmittedAt: message.transmittedAt,
    openedAt: metadata.occurredAt,
    openedRevision: revision,
    decided: false,
    advised: false,
    purchase: isOfPurchase(event),
    financial: false,
    undone: false,
    declinedByNetwork: false,
    announcedMinor: 0n,
    increments: NO_INCREMENTS,
    posted: NOTHING_POSTED,
    releasable: undefined,
    releasedLate: NONE_LATE,
    lastRevision: revision,
  };
}

/** An approval makes it pending, or leaves it settled when its clearing came first and was for all of it. */
function approved(before: Transaction | undefined, event: Recorded<AuthorizationApproved>): Transaction {
  const { data, revision } = event;
  const { message, approvedMinor, approvedAccountMinor, requestedAccountMinor } = data;
  const requestedMinor = message.amountMinor ?? 0n;
  const openMinor = data.advised ? 0n : (data.openMinor ?? approvedMinor);
  const tx = before === undefined ? opened(data.transactionId, message, event) : { ...before };
  tx.decided = true;
  tx.firstRequestedMinor = requestedMinor;
  tx.firstApprovedMinor = approvedMinor;
  tx.authorizationCode = data.authorizationCode;
  tx.lastRevision = revision;
  tx.expiresAt = fromIso(data.expiresAt);
  tx.releasable = releasable(event, 'hold', data.answerBy, openMinor);
  if (before !== undefined && data.advised) return tx;
  if (message.currency !== tx.currency) setCurrency(tx, message.currency, approvedMinor - openMinor);
  const openAccountMinor = data.openAccountMinor ?? approvedAccountMinor;
  const sameMinor = requestedAccountMinor === requestedMinor && approvedAccountMinor === approvedMinor;
  const { totals, accountTotals } = tx;
  const chargesBefore = chargesOf(tx);
  const same = totals === accountTotals && sameMinor && openAccountMinor === openMinor;
  tx.totals = raised(totals, requestedMinor, approvedMinor, openMinor);
  // Of nearly every transaction: in the account's currency, and new.
  tx.accountTotals = same
    ? tx.totals
    : raised(accountTotals, requestedAccountMinor, approvedAccountMinor, openAccountMinor);
  tx.heldMinor = before === undefined ? data.heldMinor : before.heldMinor + data.heldMinor;
  tx.charges = before === undefined && isUsual(tx, data.spending) ? undefined : charged(chargesBefore, data.spending);
  if (before === undefined || openMinor > 0n) {
    tx.status = tx.status === 'settled' || tx.status === 'partially_settled' ? 'partially_settled' : 'pending';
  }
  return tx;
}

/** A clearing in another currency came first: what it left of the approval says how much of it was cleared. */
function setCurrency(tx: Draft, currency: CurrencyCode, clearedMinor: bigint): void {
  tx.currency = currency;
  tx.totals = { ...tx.totals, clearedMinor };
  tx.posted = restated(tx.posted, clearedMinor);
}

function cleared(before: Transaction | undefined, event: Recorded<ClearingPosted>): Transaction {
  const { data } = event;
  const { message, confirmed, taken, postedMinor } = data;
  const left = takenFrom(before ?? opened(data.transactionId, message, event), event);
  const sameCurrency = message.currency === left.currency;
  const presentedMinor = sameCurrency ? (message.amountMinor ?? 0n) : taken.openMinor + (confirmed?.amountMinor ?? 0n);
  const tx = {
    ...left,
    totals: changed(left.totals, { clearedMinor: presentedMinor - (confirmed?.amountMinor ?? 0n) }),
    accountTotals: changed(left.accountTotals, { clearedMinor: postedMinor }),
    finallyCleared: left.finallyCleared || data.final,
  };
  const rest = confirmed === undefined ? tx.posted : lessPosted(tx, isFinancial, confirmed);
  const whole = postedMinor + (confirmed?.accountMinor ?? 0n);
  return { ...tx, posted: withPosted({ ...tx, posted: rest }, event, 'clearing', presentedMinor, whole, confirmed) };
}

function reversed(tx: Transaction, event: Recorded<AuthorizationReversed | LateApprovalReleased>): Transaction {
  const left = takenFrom(tx, event);
  const { openMinor, openAccountMinor } = event.data.taken;
  return {
    ...left,
    totals: changed(left.totals, { reversedMinor: openMinor }),
    accountTotals: changed(left.accountTotals, { reversedMinor: openAccountMinor }),
  };
}

function releasedAsLate(tx: Transaction, event: Recorded<LateApprovalReleased>): Transaction {
  const { releasable: late, increments } = tx;
  invariant(late !== undefined, `${tx.transactionId} was released as late, and nothing of it was late`);
  const { change } = event.data;
  const left = reversed(tx, event);
  const posted = left.posted.filter(({ revision }) => revision !== late.revision);
  return {
    ...left,
    totals: changed(left.totals, change?.totals),
    accountTotals: changed(left.accountTotals, change?.accountTotals),
    posted,
    increments: increments.filter(({ revision }) => revision !== late.revision),
    releasedLate: [...tx.releasedLate, late.revision],
  };
}

type Taking = Recorded<AuthorizationReversed | LateApprovalReleased | ClearingPosted | AuthorizationExpired>;

function takenFrom(tx: Transaction, event: Taking): Transaction {
  const { taken, spending, status } = event.data;
  return {
    ...touched(tx, event),
    totals: changed(tx.totals, { openMinor: -taken.openMinor }),
    accountTotals: changed(tx.accountTotals, { openMinor: -taken.openAccountMinor }),
    heldMinor: tx.heldMinor - taken.heldMinor,
    charges: charged(chargesOf(tx), spending),
    status,
  };
}

type Moving = {
  readonly change: Change;
  readonly spending?: readonly SpendingChange[];
  readonly status: TransactionStatus;
};

/** With what an event says it changes. */
function moved(tx: Transaction, { change, spending = [], status }: Moving, event: Recorded<AccountEvent>): Transaction {
  const totals = changed(tx.totals, change.totals);
  return {
    ...touched(tx, event),
    totals,
    undone: tx.undone && totals.openMinor === 0n,
    accountTotals: changed(tx.accountTotals, change.accountTotals),
    heldMinor: tx.heldMinor + (change.heldMinor ?? 0n),
    charges: charged(chargesOf(tx), spending),
    givenBackMinor: tx.givenBackMinor + (change.givenBackMinor ?? 0n),
    status,
  };
}

function raisedBy(
  { increments }: Transaction,
  { message, approvedMinor }: { readonly message: NetworkMessage; readonly approvedMinor: bigint },
  { revision }: Recorded<AccountEvent>,
): readonly Increment[] {
  const { amountMinor: requestedMinor = 0n, rrn } = message;
  return [
    ...increments,
    { revision, requestedMinor, approvedMinor, leftMinor: approvedMinor, rrn, ...sentOf(message) },
  ];
}

function sentOf({ stan, transmittedAt, acquirerId }: NetworkMessage): Sent {
  return {
    ...(stan === undefined ? {} : { stan }),
    ...(transmittedAt === undefined ? {} : { transmittedAt }),
    ...(acquirerId === undefined ? {} : { acquirerId }),
  };
}

function withPosted(
  { posted, currency }: Transaction,
  { revision, data }: Extract<Recorded<AccountEvent>, { readonly data: { readonly postedMinor: bigint } }>,
  by: Posted['by'],
  amountMinor: bigint,
  accountMinor: bigint,
  confirmed?: ClearingPosted['data']['confirmed'],
): readonly Posted[] {
  if (amountMinor <= 0n && accountMinor <= 0n) return posted;
  const settled = settledBy(data.entry, currency, confirmed);
  const { network, amountMinor: firstMinor = 0n, currency: firstCurrency } = data.message;
  const first = { amountMinor: firstMinor, currency: firstCurrency };
  return [...posted, { revision, by, network, first, amountMinor, accountMinor, ...settled }];
}

const isFinancial = ({ by }: Posted) => by === 'financial_authorization';

/** Without a share of the one that `which` names; it is gone when nothing of it is left. */
function lessPosted(
  { posted }: Transaction,
  which: (posted: Posted) => boolean,
  share: Parameters<typeof without>[1],
): readonly Posted[] {
  return posted.map((each) => (which(each) ? without(each, share) : each)).filter(isLeft);
}

function releasable(
  { metadata, revision }: Recorded<AccountEvent>,
  kind: Releasable['kind'],
  answerBy: string,
  addedMinor = 0n,
): Releasable {
  return { commandId: metadata.commandId, revision, answerBy: fromIso(answerBy), kind, addedMinor };
}

/** A reversal that waited for the approval and was applied with it is no later message. */
function touched(tx: Transaction, { data, revision }: Recorded<AccountEvent>): Transaction {
  const waited = 'unparked' in data && kindOf(data.message.type) === 'reversal';
  return { ...tx, releasable: waited ? tx.releasable : undefined, lastRevision: revision };
}

function present(tx: Transaction | undefined, { type }: AccountEvent): Transaction {
  invariant(tx !== undefined, `${type} of an unknown transaction`);
  return tx;
}

function checked(tx: Transaction): Transaction {
  const { openMinor } = tx.totals;
  if (tx.heldMinor < 0n) broken(`a hold of ${tx.heldMinor} on ${tx.transactionId}`);
  if (openMinor < 0n) broken(`${openMinor} open on ${tx.transactionId}`);
  if (openMinor === 0n && tx.heldMinor !== 0n) broken(`a hold with nothing open on ${tx.transactionId}`);
  const standsMinor = tx.accountTotals.openMinor + tx.accountTotals.clearedMinor;
  // What a refund has given back is not given back again when the purchase itself comes to nothing.
  return tx.givenBackMinor <= standsMinor ? tx : { ...tx, givenBackMinor: standsMinor };
}

function raised(totals: Totals, requestedMinor: bigint, approvedMinor: bigint, openMinor: bigint): Totals {
  // Of nearly every transaction: adding nothing would make each amount anew.
  if (totals === NO_TOTALS) return { ...NO_TOTALS, requestedMinor, approvedMinor, openMinor };
  return changed(totals, { requestedMinor, approvedMinor, openMinor });
}
