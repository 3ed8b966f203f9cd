// expectations.ts: what an answer must be, whatever the balances, limits and controls are. An answer that is not is
// reported as a broken promise.

import { type Answer, isSameAnswer } from './answer.ts';
import { isDecided, type SimulatedMessage } from './traffic/message.ts';

export type Expectation =
  | MessageExpectation
  /** The answer that was given to the same message before. */
  | { readonly of: 'same'; readonly answer: Answer }
  | { readonly of: 'any' };

export type MessageExpectation = {
  readonly of: 'message';
  readonly message: SimulatedMessage;
  /** No such card exists. */
  readonly unknownCard: boolean;
  /** Everything that it rests on was answered before it was sent, and nothing that comes later was sent. */
  readonly inOrder: boolean;
  /** In order: where it must be booked; undefined for what begins a transaction. */
  readonly transactionId?: string | undefined;
  /** In order: what it must be flagged with. */
  readonly flags: readonly string[];
  /** What the same message was answered until now. */
  readonly before: readonly Answer[];
};

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
  no_balance: 'a balance inquiry was approved without a balance',
  identity_conflict: 'a message that was never sent before was taken for another one',
  unknown_card_approved: 'a card that does not exist was not answered 14',
  other_transaction: 'a message was booked on another transaction than its original',
  original_lost: 'a message did not find its original',
  flag_missing: 'something out of the ordinary was not flagged',
} as const;

export type Broken = keyof typeof BROKEN;

/** What a message that comes in order is flagged with only when its original was not found as it should be. */
const LOST_ORIGINAL_FLAGS = [
  'force_post',
  'after_decline',
  'late',
  'ambiguous_original',
  'known_network_transaction',
  'no_original',
  'over_refund',
  'over_reversal',
  'possible_duplicate',
  'stand_in',
];

/** Which expectations `answer` breaks; none when all is well. */
export function brokenBy(expectation: Expectation, answer: Answer): readonly Broken[] {
  switch (expectation.of) {
    case 'any':
      return [];
    case 'same':
      return sameOrLate(expectation.answer, answer) ? [] : ['answered_differently'];
    case 'message':
      return messageBreaks(expectation, answer);
    default:
      return expectation satisfies never;
  }
}

/** The one exception that Holdfast states: after a late answer (91), a repeat may still get the approval. */
function sameOrLate(first: Answer, again: Answer): boolean {
  return isSameAnswer(first, again) || first.reason === 'answered_late';
}

function messageBreaks(expected: MessageExpectation, answer: Answer): readonly Broken[] {
  const { message, unknownCard, inOrder, flags, before } = expected;
  const broken: Broken[] = [];
  if (before.some((first) => !sameOrLate(first, answer))) broken.push('answered_differently');
  if (answer.currency !== message.currency) broken.push('wrong_currency');
  if (answer.reason === 'identity_conflict') broken.push('identity_conflict');
  else broken.push(...(isDecided(message.type) ? decisionBreaks(expected, answer) : factBreaks(expected, answer)));
  if (unknownCard && isDecided(message.type) && answer.response_code !== '14') broken.push('unknown_card_approved');
  if (inOrder && !unknownCard) {
    const lost = answer.flags.some((flag) => LOST_ORIGINAL_FLAGS.includes(flag) && !flags.includes(flag));
    if (lost && !broken.includes('original_lost')) broken.push('original_lost');
    const missing = flags.some((flag) => !answer.flags.includes(flag));
    if (missing && answer.decision !== 'declined') broken.push('flag_missing');
  }
  return broken;
}

function decisionBreaks(expected: MessageExpectation, answer: Answer): readonly Broken[] {
  const { message, inOrder, transactionId } = expected;
  const { decision, approved_amount: approved, response_code: code } = answer;
  const broken: Broken[] = [];
  switch (decision) {
    case 'approved':
      if (code !== '00') broken.push('wrong_response_code');
      if (message.amount !== undefined && approved !== message.amount) broken.push('wrong_approved_amount');
      if (billedWrongly(message, answer)) broken.push('wrong_billing_amount');
      if (message.type === 'balance_inquiry' && answer.available_balance === undefined) broken.push('no_balance');
      break;
    case 'partially_approved':
      if (code !== '10') broken.push('wrong_response_code');
      if (approved === undefined || approved <= 0 || approved >= (message.amount ?? 0)) {
        broken.push('wrong_approved_amount');
      }
      if (message.partial_approval !== true) broken.push('partial_not_asked_for');
      break;
    case 'declined':
      if (code === '00' || code === '10') broken.push('wrong_response_code');
      if (answer.reason === undefined || answer.reason === null) broken.push('no_reason');
      if (inOrder && (answer.reason === 'original_not_found' || answer.reason === 'reversed_before_arrival')) {
        broken.push('original_lost');
      }
      break;
    case 'accepted':
      broken.push('wrong_kind_of_decision');
      break;
    default:
      decision satisfies never;
  }
  if (inOrder && transactionId !== undefined && answer.transaction_id !== transactionId) {
    broken.push('other_transaction');
  }
  return broken;
}

function factBreaks(expected: MessageExpectation, answer: Answer): readonly Broken[] {
  const { message, inOrder, transactionId } = expected;
  const releases = message.type === 'reversal' || message.type === 'reversal_advice';
  if (releases && !inOrder) return releaseBreaks(message, answer);
  const broken: Broken[] = [];
  const declinedForUs = message.network_decision === 'declined';
  if (answer.reason === 'original_not_found') broken.push('original_lost');
  else if (answer.decision !== 'accepted') broken.push('wrong_kind_of_decision');
  else if (answer.response_code !== '00') broken.push('wrong_response_code');
  else if (answer.transaction_id === undefined && !expected.unknownCard) broken.push('other_transaction');
  else if (inOrder && transactionId !== undefined && answer.transaction_id !== transactionId) {
    broken.push('other_transaction');
  }
  if (declinedForUs && inOrder && answer.reason !== 'declined_by_network') broken.push('no_reason');
  if (!releases && answer.decision === 'accepted' && billedWrongly(message, answer)) {
    broken.push('wrong_billing_amount');
  }
  return broken;
}

/** A reversal before its original is parked; one after a final clearing moves nothing. */
function releaseBreaks({ type }: SimulatedMessage, answer: Answer): readonly Broken[] {
  const { decision, response_code: code, reason } = answer;
  if (decision === 'declined') {
    if (type !== 'reversal') return ['wrong_kind_of_decision'];
    return code === '25' && reason === 'original_not_found' ? [] : ['wrong_response_code'];
  }
  if (decision !== 'accepted') return ['wrong_kind_of_decision'];
  if (code === '00') return [];
  return code === '13' && (reason === 'nothing_to_reverse' || reason === 'over_reversal')
    ? []
    : ['wrong_response_code'];
}

/** What was posted or held is what the network has billed, or the amount in the account's currency. */
function billedWrongly({ type, billing, amount }: SimulatedMessage, { billing_amount: billed }: Answer): boolean {
  switch (type) {
    case 'authorization_advice':
    case 'increment_advice':
    case 'refund_authorization':
      // Their answers do not say.
      return false;
    default:
      return billed !== (billing?.amount ?? amount);
  }
}
