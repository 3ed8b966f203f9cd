// answer.ts: what the network is told, read from the event that holds the decision.

import type { CurrencyCode } from '@holdfast/money';
import type { AccountEvent, ClearingPosted, UnmatchedEvent } from '../events.ts';
import type { TransactionId } from '../ids.ts';
import { isRequest } from './message.ts';
import { type Flag, type ReasonCode, reasons } from './reasons.ts';

export type Answer = {
  /** `accepted` is for facts: advices, reversals, clearings, refunds. */
  readonly decision: 'approved' | 'partially_approved' | 'declined' | 'accepted';
  /** ISO 8583 data element 39. */
  readonly responseCode: string;
  /** Transaction currency. */
  readonly currency: CurrencyCode;
  /** In `currency`. */
  readonly approvedMinor?: bigint;
  /** In the account's currency. */
  readonly billingMinor?: bigint;
  /**
   * Of a clearing for less than it took of what was approved: how much less the cardholder pays than was held, or posted
   * before, for it. In the account's currency; absent when it is nothing.
   */
  readonly releasedMinor?: bigint;
  readonly authorizationCode?: string;
  /** Of a balance inquiry: available and credit line, in the account's currency. */
  readonly spendableMinor?: bigint;
  readonly transactionId?: TransactionId;
  readonly reason?: ReasonCode;
  readonly reasons: readonly ReasonCode[];
  readonly flags: readonly Flag[];
};

/** The answer that an event stands for, or undefined for an event that answers no network message. */
export function answerOf(event: AccountEvent | UnmatchedEvent): Answer | undefined {
  switch (event.type) {
    case 'AuthorizationApproved':
    case 'IncrementApproved':
    case 'FinancialAuthorizationApproved':
      return {
        decision: event.data.responseCode === '10' ? 'partially_approved' : 'approved',
        responseCode: event.data.responseCode,
        currency: event.data.message.currency,
        approvedMinor: event.data.approvedMinor,
        billingMinor: event.data.approvedAccountMinor,
        authorizationCode: event.data.authorizationCode,
        transactionId: event.data.transactionId,
        reasons: event.data.reasons,
        flags: event.data.flags,
      };
    case 'RefundAuthorized':
      return {
        decision: 'approved',
        responseCode: '00',
        currency: event.data.message.currency,
        approvedMinor: event.data.message.amountMinor ?? 0n,
        billingMinor: event.data.requestedAccountMinor,
        authorizationCode: event.data.authorizationCode,
        transactionId: event.data.transactionId,
        reasons: [],
        flags: event.data.flags,
      };
    case 'InquiryAnswered': {
      const { message, responseCode, reason, reasons, spendableMinor } = event.data;
      const told = reason === undefined && message.type === 'balance_inquiry';
      return {
        decision: reason === undefined ? 'approved' : 'declined',
        responseCode,
        currency: message.currency,
        ...(told ? { spendableMinor } : {}),
        ...(reason === undefined ? {} : { reason }),
        reasons,
        flags: [],
      };
    }
    case 'AuthorizationDeclined':
    case 'IncrementDeclined':
      return {
        decision: 'declined',
        responseCode: event.data.responseCode,
        currency: event.data.message.currency,
        ...(event.data.transactionId === undefined ? {} : { transactionId: event.data.transactionId }),
        reason: event.data.reason,
        reasons: event.data.reasons,
        flags: event.data.flags,
      };
    case 'AuthorizationReversed':
      return { ...accepted(event.data), billingMinor: event.data.taken.openAccountMinor };
    case 'FinancialAuthorizationReversed':
    case 'ClearingReversed':
      return { ...accepted(event.data), billingMinor: event.data.share.accountMinor };
    case 'ClearingPosted':
      return { ...accepted(event.data), billingMinor: whatCleared(event.data), ...released(event.data) };
    case 'RefundPosted':
    case 'RefundReversed':
      return { ...accepted(event.data), billingMinor: event.data.postedMinor };
    case 'AuthorizationAdvised':
    case 'IncrementAdvised':
    case 'RefundAuthorizationReversed':
    case 'ClearingSuspended':
    case 'RefundSuspended':
      return accepted(event.data);
    case 'AdviceRecorded': {
      const { reason } = event.data;
      return { ...accepted(event.data), ...(reason === undefined ? {} : { reason, reasons: [reason] }) };
    }
    case 'ReversalRefused':
      return {
        ...accepted(event.data),
        responseCode: reasons[event.data.reason].responseCode,
        reason: event.data.reason,
        reasons: [event.data.reason],
      };
    case 'ReversalParked':
      return {
        decision: event.data.message.type === 'reversal' ? 'declined' : 'accepted',
        responseCode: event.data.message.type === 'reversal' ? reasons.original_not_found.responseCode : '00',
        currency: event.data.message.currency,
        reason: 'original_not_found',
        reasons: ['original_not_found'],
        flags: [],
      };
    case 'MessageConflicted': {
      const { type, currency } = event.data.message;
      return {
        // A reversal is asked, and accepted whenever there is something to say about it.
        decision: isRequest(type) && type !== 'reversal' ? 'declined' : 'accepted',
        responseCode: reasons.identity_conflict.responseCode,
        currency,
        ...(event.data.transactionId === undefined ? {} : { transactionId: event.data.transactionId }),
        reason: 'identity_conflict',
        reasons: ['identity_conflict'],
        flags: [],
      };
    }
    case 'UnmatchedMessageRecorded':
      return {
        decision: event.data.decision,
        responseCode: event.data.responseCode,
        currency: event.data.message.currency,
        reason: event.data.reason,
        reasons: [event.data.reason],
        flags: [],
      };
    default:
      return undefined;
  }
}

/** All that the clearing is for, what a single message had posted of it before in it. */
function whatCleared({ postedMinor, confirmed }: ClearingPosted['data']): bigint {
  return postedMinor + (confirmed?.accountMinor ?? 0n);
}

/**
 * What took exactly its own amount in another currency is not short of anything, whatever the rates have done since it was
 * approved.
 */
function released(data: ClearingPosted['data']): Pick<Answer, 'releasedMinor'> {
  const { message, taken, postedMinor, confirmed, conversion } = data;
  const foreign = message.billing !== undefined || conversion !== undefined;
  const exact = foreign && taken.openMinor + (confirmed?.amountMinor ?? 0n) === message.amountMinor;
  const releasedMinor = taken.openAccountMinor - postedMinor;
  return exact || releasedMinor <= 0n ? {} : { releasedMinor };
}

function accepted(data: {
  readonly transactionId?: TransactionId;
  readonly message: { readonly currency: CurrencyCode };
  readonly flags: readonly Flag[];
}): Answer {
  return {
    decision: 'accepted',
    responseCode: '00',
    currency: data.message.currency,
    ...(data.transactionId === undefined ? {} : { transactionId: data.transactionId }),
    reasons: [],
    flags: data.flags,
  };
}
