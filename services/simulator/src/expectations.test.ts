import { describe, expect, test } from 'vitest';
import type { Answer } from './answer.ts';
import { BROKEN, type Broken, brokenBy } from './expectations.ts';
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
    expect(brokenBy({ of: 'authorization', message, unknownCard: false }, answer)).toEqual(broken);
  });

  test.each([
    ['declined with 14', declined({ response_code: '14', reason: 'card_not_found' }), []],
    ['approved', approved(), ['unknown_card_approved']],
    ['declined for something else', declined(), ['unknown_card_approved']],
  ])('for a card that does not exist, %s', (_case, answer, broken) => {
    expect(brokenBy({ of: 'authorization', message: MESSAGE, unknownCard: true }, answer)).toEqual(broken);
  });
});

describe('the answer to a reversal or clearing of an approved authorization', () => {
  const clearing: SimulatedMessage = { ...MESSAGE, type: 'clearing', final: true };
  const foreignClearing: SimulatedMessage = { ...FOREIGN, type: 'clearing', final: true };
  const fact = (fields: Partial<Answer> = {}) =>
    answered({ transaction_id: 'txn_1', billing_amount: 4_336, ...fields });

  test.each<[string, SimulatedMessage, Answer, Broken[]]>([
    ['accepted', clearing, fact(), []],
    [
      'accepted and flagged for what facts may do',
      clearing,
      fact({ flags: ['over_capture', 'overdrawn', 'over_limit'] }),
      [],
    ],
    ['accepted at the network’s own conversion', foreignClearing, fact(), []],
    ['accepted at another conversion', foreignClearing, fact({ billing_amount: 1 }), ['wrong_billing_amount']],
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
    expect(brokenBy({ of: 'fact', message, transactionId: 'txn_1' }, answer)).toEqual(broken);
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
