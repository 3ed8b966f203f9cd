import { describe, expect, test } from 'vitest';
import type { Answer } from './answer.ts';
import { BROKEN, type Broken, brokenBy, type MessageExpectation } from './expectations.ts';
import { answered } from './testing/answers.ts';
import type { SimulatedMessage } from './traffic/message.ts';

const MESSAGE: SimulatedMessage = {
  type: 'authorization',
  network: 'visa',
  card: { id: 'card_1' },
  amount: 4_000,
  currency: 'EUR',
  merchant: { id: '1', name: 'ACME', city: 'Berlin', country: 'DE', mcc: '5812' },
  acquirer_id: '400123',
  acquirer_country: 'DE',
  terminal_id: 'TERM0001',
  stan: '000123',
  rrn: '630112000123',
  transmitted_at: '2026-03-01T12:00:00.000Z',
};
const FOREIGN = { ...MESSAGE, billing: { amount: 4_336, currency: 'USD', rate: '1.084' } };
const PARTIAL = { ...MESSAGE, partial_approval: true };

const expecting = (message: SimulatedMessage, fields: Partial<MessageExpectation> = {}): MessageExpectation => ({
  of: 'message',
  message,
  unknownCard: false,
  inOrder: true,
  flags: [],
  before: [],
  ...fields,
});

const approved = (fields: Partial<Answer> = {}) =>
  answered({ decision: 'approved', approved_amount: 4_000, billing_amount: 4_000, ...fields });
const partly = (fields: Partial<Answer> = {}) =>
  approved({ decision: 'partially_approved', response_code: '10', approved_amount: 1_834, ...fields });
const declined = (fields: Partial<Answer> = {}) =>
  answered({ decision: 'declined', response_code: '51', reason: 'insufficient_funds', ...fields });

describe('the answer to an authorization', () => {
  test.each<[string, SimulatedMessage, Answer, Broken[]]>([
    ['approved', MESSAGE, approved(), []],
    ['approved at the network’s own conversion', FOREIGN, approved({ billing_amount: 4_336 }), []],
    ['approved in part', PARTIAL, partly(), []],
    ['declined', MESSAGE, declined(), []],
    ['declined as answered late', MESSAGE, declined({ response_code: '91', reason: 'answered_late' }), []],
    ['approved in another currency', MESSAGE, approved({ currency: 'USD' }), ['wrong_currency']],
    ['approved for less', MESSAGE, approved({ approved_amount: 3_999 }), ['wrong_approved_amount']],
    ['approved without saying how much', MESSAGE, approved({ approved_amount: undefined }), ['wrong_approved_amount']],
    ['approved with the code of a decline', MESSAGE, approved({ response_code: '51' }), ['wrong_response_code']],
    ['approved at another conversion', FOREIGN, approved({ billing_amount: 4_335 }), ['wrong_billing_amount']],
    ['approved in part, unasked', MESSAGE, partly(), ['partial_not_asked_for']],
    ['approved in part for all', PARTIAL, partly({ approved_amount: 4_000 }), ['wrong_approved_amount']],
    ['approved in part for nothing', PARTIAL, partly({ approved_amount: 0 }), ['wrong_approved_amount']],
    ['approved in part with code 00', PARTIAL, partly({ response_code: '00' }), ['wrong_response_code']],
    ['declined with code 00', MESSAGE, declined({ response_code: '00' }), ['wrong_response_code']],
    ['declined for no reason', MESSAGE, declined({ reason: undefined }), ['no_reason']],
    [
      'taken for another message',
      MESSAGE,
      declined({ response_code: '94', reason: 'identity_conflict' }),
      ['identity_conflict'],
    ],
    ['accepted as a fact', MESSAGE, answered(), ['wrong_kind_of_decision']],
  ])('%s', (_case, message, answer, broken) => {
    expect(brokenBy(expecting(message), answer)).toEqual(broken);
  });

  test.each([
    ['declined with 14', declined({ response_code: '14', reason: 'card_not_found' }), []],
    ['approved', approved(), ['unknown_card_approved']],
    ['declined for something else', declined(), ['unknown_card_approved']],
  ])('for a card that does not exist, %s', (_case, answer, broken) => {
    expect(brokenBy(expecting(MESSAGE, { unknownCard: true }), answer)).toEqual(broken);
  });
});

describe('the answer to a reversal or clearing of an approved authorization', () => {
  const clearing: SimulatedMessage = { ...MESSAGE, type: 'clearing', final: true };
  const foreignClearing: SimulatedMessage = { ...FOREIGN, type: 'clearing', final: true };
  const fact = (fields: Partial<Answer> = {}) =>
    answered({ transaction_id: 'txn_1', billing_amount: 4_000, ...fields });

  test.each<[string, SimulatedMessage, Answer, Broken[]]>([
    ['accepted', clearing, fact(), []],
    [
      'accepted and flagged for what facts may do',
      clearing,
      fact({ flags: ['over_capture', 'overdrawn', 'over_limit'] }),
      [],
    ],
    ['accepted at the network’s own conversion', foreignClearing, fact({ billing_amount: 4_336 }), []],
    ['accepted at another conversion', foreignClearing, fact({ billing_amount: 1 }), ['wrong_billing_amount']],
    ['accepted without a sum', clearing, fact({ billing_amount: undefined }), ['wrong_billing_amount']],
    ['booked elsewhere', clearing, fact({ transaction_id: 'txn_2' }), ['other_transaction']],
    ['booked nowhere', clearing, fact({ transaction_id: undefined }), ['other_transaction']],
    ['posted by force', clearing, fact({ flags: ['force_post'] }), ['original_lost']],
    [
      'declined',
      clearing,
      fact({ decision: 'declined', response_code: '57', reason: 'card_closed' }),
      ['wrong_kind_of_decision'],
    ],
    [
      'parked',
      clearing,
      fact({ decision: 'declined', response_code: '25', reason: 'original_not_found' }),
      ['original_lost'],
    ],
    [
      'accepted with nothing released',
      clearing,
      fact({ response_code: '13', reason: 'over_reversal' }),
      ['wrong_response_code'],
    ],
    [
      'taken for another message',
      clearing,
      fact({ response_code: '94', reason: 'identity_conflict' }),
      ['identity_conflict'],
    ],
    ['in another currency', clearing, fact({ currency: 'USD' }), ['wrong_currency']],
  ])('%s', (_case, message, answer, broken) => {
    expect(brokenBy(expecting(message, { transactionId: 'txn_1' }), answer)).toEqual(broken);
  });
});

describe('the answer to other kinds', () => {
  const of = (type: SimulatedMessage['type'], fields: Partial<SimulatedMessage> = {}): SimulatedMessage => ({
    ...MESSAGE,
    type,
    ...fields,
  });
  const { amount: _, ...question } = of('balance_inquiry');
  const booked = { transaction_id: 'txn_1' };

  test.each<[string, SimulatedMessage, Answer, Broken[]]>([
    ['an increment, approved', of('increment'), approved(booked), []],
    ['an increment, declined', of('increment'), declined(booked), []],
    ['an increment, elsewhere', of('increment'), approved({ transaction_id: 'txn_2' }), ['other_transaction']],
    [
      'an increment without its original',
      of('increment'),
      declined({ ...booked, response_code: '25', reason: 'original_not_found' }),
      ['original_lost'],
    ],
    ['an increment advice, accepted', of('increment_advice'), answered(booked), []],
    ['an increment advice, asked', of('increment_advice'), approved(booked), ['wrong_kind_of_decision']],
    [
      'an advice that stands alone',
      of('authorization_advice'),
      answered({ ...booked, flags: ['stand_in'] }),
      ['original_lost'],
    ],
    ['a single message, approved', of('financial_authorization'), approved(booked), []],
    [
      'a refund authorization, approved',
      of('refund_authorization'),
      approved({ ...booked, billing_amount: undefined }),
      [],
    ],
    ['a refund, accepted', of('refund'), answered({ ...booked, billing_amount: 4_000 }), []],
    [
      'a refund of nothing',
      of('refund'),
      answered({ ...booked, billing_amount: 4_000, flags: ['no_original'] }),
      ['original_lost'],
    ],
    [
      'a refund of more than was paid',
      of('refund'),
      answered({ ...booked, billing_amount: 4_000, flags: ['over_refund'] }),
      ['original_lost'],
    ],
    [
      'a clearing reversal into suspense',
      of('clearing_reversal'),
      answered({ billing_amount: 4_000 }),
      ['other_transaction'],
    ],
    [
      'a decline of the network, noted',
      of('authorization_advice', { network_decision: 'declined' }),
      answered({ ...booked, reason: 'declined_by_network', reasons: ['declined_by_network'] }),
      [],
    ],
    [
      'a decline of the network, held',
      of('authorization_advice', { network_decision: 'declined' }),
      answered(booked),
      ['no_reason'],
    ],
  ])('%s', (_case, message, answer, broken) => {
    expect(brokenBy(expecting(message, { transactionId: 'txn_1' }), answer)).toEqual(broken);
  });

  test.each<[string, Answer, Broken[]]>([
    ['approved with the balance', answered({ decision: 'approved', available_balance: 12 }), []],
    ['approved without', answered({ decision: 'approved' }), ['no_balance']],
    ['declined', declined(), []],
  ])('a balance inquiry, %s', (_case, answer, broken) => {
    expect(brokenBy(expecting(question), answer)).toEqual(broken);
  });

  test.each<[string, string[], Answer, Broken[]]>([
    [
      'the flag that it must have',
      ['over_capture'],
      answered({ billing_amount: 4_000, flags: ['over_capture'], ...booked }),
      [],
    ],
    ['without it', ['over_capture'], answered({ billing_amount: 4_000, ...booked }), ['flag_missing']],
    [
      'one that is right only here',
      ['force_post'],
      answered({ billing_amount: 4_000, flags: ['force_post'], ...booked }),
      [],
    ],
  ])('a clearing with %s', (_case, flags, answer, broken) => {
    expect(brokenBy(expecting(of('clearing'), { flags }), answer)).toEqual(broken);
  });
});

describe('the answer to a message out of order', () => {
  const early = (type: SimulatedMessage['type'], answer: Answer) =>
    brokenBy(expecting({ ...MESSAGE, type }, { inOrder: false, transactionId: 'txn_1' }), answer);

  test.each<[SimulatedMessage['type'], string, Answer, Broken[]]>([
    [
      'clearing',
      'posted by force',
      answered({ transaction_id: 'txn_2', billing_amount: 4_000, flags: ['force_post'] }),
      [],
    ],
    [
      'clearing',
      'posted for another sum',
      answered({ transaction_id: 'txn_2', billing_amount: 1 }),
      ['wrong_billing_amount'],
    ],
    ['authorization', 'joined', approved({ flags: ['late'] }), []],
    ['authorization', 'reversed before', declined({ response_code: '25', reason: 'reversed_before_arrival' }), []],
    ['reversal', 'parked', declined({ response_code: '25', reason: 'original_not_found' }), []],
    ['reversal', 'declined for something else', declined(), ['wrong_response_code']],
    ['reversal', 'after the final clearing', answered({ response_code: '13', reason: 'nothing_to_reverse' }), []],
    ['reversal', 'refused for nothing', answered({ response_code: '13' }), ['wrong_response_code']],
    ['reversal', 'approved', approved(), ['wrong_kind_of_decision']],
    ['reversal_advice', 'parked', answered({ reason: 'original_not_found' }), []],
    [
      'reversal_advice',
      'declined',
      declined({ response_code: '25', reason: 'original_not_found' }),
      ['wrong_kind_of_decision'],
    ],
  ])('a %s, %s', (type, _case, answer, broken) => {
    expect(early(type, answer)).toEqual(broken);
  });

  test('is the same for every copy of it', () => {
    const first = approved({ transaction_id: 'txn_1' });
    const expected = expecting(MESSAGE, { inOrder: false, before: [first] });
    expect(brokenBy(expected, { ...first, position: '77' })).toEqual([]);
    expect(brokenBy(expected, { ...first, transaction_id: 'txn_2' })).toEqual(['answered_differently']);
  });
});

describe('the answer to a repeat', () => {
  const first = approved({ transaction_id: 'txn_1', position: '17' });

  test.each<[string, Answer, Answer, Broken[]]>([
    ['the same', first, first, []],
    [
      'the same, at another position and with its fields in another order',
      first,
      { ...reordered(first), position: '99' },
      [],
    ],
    ['another decision', first, declined(), ['answered_differently']],
    ['another amount', first, { ...first, approved_amount: 3_999 }, ['answered_differently']],
    ['another transaction', first, { ...first, transaction_id: 'txn_2' }, ['answered_differently']],
    ['a flag more', first, { ...first, flags: ['overdrawn'] }, ['answered_differently']],
    ['the approval after a late answer', declined({ response_code: '91', reason: 'answered_late' }), first, []],
    [
      'a late answer after the approval',
      first,
      declined({ response_code: '91', reason: 'answered_late' }),
      ['answered_differently'],
    ],
  ])('%s', (_case, answer, again, broken) => {
    expect(brokenBy({ of: 'same', answer }, again)).toEqual(broken);
  });
});

test('anything goes for a message that someone else wrote', () => {
  expect(brokenBy({ of: 'any' }, declined({ response_code: '00' }))).toEqual([]);
});

test('every broken expectation has its sentence', () => {
  for (const sentence of Object.values(BROKEN)) expect(sentence.length).toBeGreaterThan(10);
});

function reordered(answer: Answer): Answer {
  const { decision, ...rest } = answer;
  return { ...rest, decision };
}
