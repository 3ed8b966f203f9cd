// expectations.ts: what an answer must be, whatever the balances, limits and controls are. An answer that is not is
// reported as a broken promise.

import { type Answer, isSameAnswer } from './answer.ts';
import type { SimulatedMessage } from './traffic/message.ts';

export type Expectation =
  | { readonly of: 'authorization'; readonly message: SimulatedMessage; readonly unknownCard: boolean }
  /** A reversal or clearing of an approved authorization: accepted, with its transaction. */
  | { readonly of: 'fact'; readonly message: SimulatedMessage; readonly transactionId: string | undefined }
  /** The answer that was given to the same message before. */
  | { readonly of: 'same'; readonly answer: Answer }
  | { readonly of: 'any' };

export const BROKEN = {
  unreadable_answer: 'the answer is not a decision as docs/api.md has it',
  refused_message: 'a message of the simulator was refused as badly formed',
  answered_differently: 'a repeat got another answer than the first time',
  wrong_currency: 'the answer is not in the currency of the message',
  wrong_kind_of_decision: 'a request was accepted as a fact, or a fact was decided like a request',
  wrong_response_code: 'the response code does not go with the decision',
  wrong_approved_amount: 'the approved amount does not go with the decision',
  wrong_billing_amount: 'the billing amount is not the one that the network sent',
  partial_not_asked_for: 'approved in part where the terminal cannot take it',
  no_reason: 'declined without a reason',
  identity_conflict: 'a message that was never sent before was taken for another one',
  unknown_card_approved: 'a card that does not exist was not answered 14',
  other_transaction: 'a reversal or clearing was booked on another transaction than its original',
  original_lost: 'a reversal or clearing did not find its original',
} as const;

export type Broken = keyof typeof BROKEN;

const LOST_ORIGINAL_FLAGS = ['force_post', 'after_decline', 'late', 'ambiguous_original', 'over_reversal'];

/** Which expectations `answer` breaks; none when all is well. */
export function brokenBy(expectation: Expectation, answer: Answer): readonly Broken[] {
  switch (expectation.of) {
    case 'any':
      return [];
    case 'same':
      return sameOrLate(expectation.answer, answer) ? [] : ['answered_differently'];
    case 'authorization':
      return authorizationBreaks(expectation.message, expectation.unknownCard, answer);
    case 'fact':
      return factBreaks(expectation.message, expectation.transactionId, answer);
    default:
      return expectation satisfies never;
  }
}

/** The one exception that Holdfast states: after a late answer (91), a repeat may still get the approval. */
function sameOrLate(first: Answer, again: Answer): boolean {
  return isSameAnswer(first, again) || first.reason === 'answered_late';
}

function authorizationBreaks(message: SimulatedMessage, unknownCard: boolean, answer: Answer): readonly Broken[] {
  const { decision, approved_amount: approved, response_code: code } = answer;
  const asked = message.amount ?? 0;
  const broken: Broken[] = [];
  if (answer.currency !== message.currency) broken.push('wrong_currency');
  if (answer.reason === 'identity_conflict') broken.push('identity_conflict');
  if (unknownCard && code !== '14') broken.push('unknown_card_approved');
  switch (decision) {
    case 'approved':
      if (code !== '00') broken.push('wrong_response_code');
      if (approved !== asked) broken.push('wrong_approved_amount');
      if (message.billing !== undefined && answer.billing_amount !== message.billing.amount) {
        broken.push('wrong_billing_amount');
      }
      break;
    case 'partially_approved':
      if (code !== '10') broken.push('wrong_response_code');
      if (approved === undefined || approved <= 0 || approved >= asked) broken.push('wrong_approved_amount');
      if (message.partial_approval !== true) broken.push('partial_not_asked_for');
      break;
    case 'declined':
      if (code === '00' || code === '10') broken.push('wrong_response_code');
      if (answer.reason === undefined || answer.reason === null) broken.push('no_reason');
      break;
    case 'accepted':
      broken.push('wrong_kind_of_decision');
      break;
    default:
      decision satisfies never;
  }
  return broken;
}

function factBreaks(message: SimulatedMessage, transactionId: string | undefined, answer: Answer): readonly Broken[] {
  const broken: Broken[] = [];
  if (answer.currency !== message.currency) broken.push('wrong_currency');
  if (answer.reason === 'identity_conflict') broken.push('identity_conflict');
  else if (answer.reason === 'original_not_found') broken.push('original_lost');
  else if (answer.decision !== 'accepted') broken.push('wrong_kind_of_decision');
  else if (answer.response_code !== '00') broken.push('wrong_response_code');
  else if (answer.transaction_id !== transactionId) broken.push('other_transaction');
  if (answer.flags.some((flag) => LOST_ORIGINAL_FLAGS.includes(flag))) broken.push('original_lost');
  if (
    message.type === 'clearing' &&
    message.billing !== undefined &&
    answer.decision === 'accepted' &&
    answer.billing_amount !== message.billing.amount
  ) {
    broken.push('wrong_billing_amount');
  }
  return broken;
}
