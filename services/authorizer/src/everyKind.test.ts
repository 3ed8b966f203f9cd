// everyKind.test.ts: every kind of message over HTTP, in the order of a stay at a hotel and what comes after it.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStack, type Stack } from './testing/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await openStack();
});
afterAll(() => stack.close());

let stan = 0;
async function send(type: string, fields: Record<string, unknown> = {}) {
  stan += 1;
  const answer = await stack.send({
    ...{ type, network: 'visa', card: { id: stack.card.id }, currency: 'EUR' },
    ...{ acquirer_id: '400123', terminal_id: 'T1', stan: String(stan).padStart(6, '0') },
    transmitted_at: `2026-03-01T12:00:${String(stan).padStart(2, '0')}Z`,
    network_transaction_id: 'stay',
    ...fields,
  });
  const { decision, response_code, billing_amount, available_balance, flags, code } = answer.json();
  return { status: answer.statusCode, decision, response_code, billing_amount, available_balance, flags, code };
}

const hotel = { merchant: { id: 'HOTEL', mcc: '7011' } };

test('every kind of message is decided over HTTP', async () => {
  const spendable = async () => (await send('balance_inquiry', { network_transaction_id: 'asked' })).available_balance;
  const start = await spendable();
  const left = async () => (await spendable()) - start;

  expect(await send('account_verification', { ...hotel, network_transaction_id: 'asked' })).toMatchObject({
    status: 200,
    decision: 'approved',
  });
  expect(await send('authorization', { ...hotel, amount: 20_000 })).toMatchObject({ decision: 'approved' });
  expect(await send('increment', { ...hotel, amount: 7_500 })).toMatchObject({
    decision: 'approved',
    billing_amount: 7_500,
  });
  expect(await left()).toBe(-27_500);
  expect(await send('increment_advice', { ...hotel, amount: 500 })).toMatchObject({ decision: 'accepted' });
  expect(await send('authorization_advice', { ...hotel, amount: 26_000 })).toMatchObject({ decision: 'accepted' });
  expect(await left()).toBe(-26_000);
  expect(await send('reversal', { amount: 1_000 })).toMatchObject({ decision: 'accepted', billing_amount: 1_000 });
  expect(await send('reversal_advice', { remaining_amount: 24_000 })).toMatchObject({ decision: 'accepted' });
  expect(await left()).toBe(-24_000);
  expect(await send('clearing', { ...hotel, amount: 25_000, arn: 'ARN1' })).toMatchObject({
    decision: 'accepted',
    flags: ['over_capture'],
  });
  expect(await send('clearing_reversal', { amount: 1_000, arn: 'ARN1' })).toMatchObject({ billing_amount: 1_000 });
  expect(await left()).toBe(-24_000);
  expect(await send('refund_authorization', { ...hotel, amount: 3_000 })).toMatchObject({ decision: 'approved' });
  expect(await left()).toBe(-24_000);
  expect(await send('refund', { ...hotel, amount: 3_000 })).toMatchObject({
    decision: 'accepted',
    billing_amount: 3_000,
  });
  expect(await send('refund_reversal', { amount: 500 })).toMatchObject({ decision: 'accepted' });
  expect(await left()).toBe(-21_500);
  const cash = { merchant: { id: 'ATM', mcc: '6011' }, amount: 10_300, cash_amount: 10_000, surcharge_amount: 300 };
  expect(await send('financial_authorization', { ...cash, network_transaction_id: 'cash' })).toMatchObject({
    decision: 'approved',
  });
  expect(await left()).toBe(-31_800);
});

test.each([
  ['authorization_advice', hotel, 'amount'],
  ['financial_authorization', hotel, 'amount'],
  ['increment', { amount: 1 }, 'merchant'],
  ['refund', hotel, 'amount'],
  ['clearing_reversal', {}, 'amount'],
  ['refund_reversal', {}, 'amount'],
  ['account_verification', {}, 'merchant'],
])('%s without what it must have is refused, and the field named', async (type, fields, field) => {
  const answer = await stack.send({
    ...{ type, network: 'visa', card: { id: stack.card.id }, currency: 'EUR', message_id: `bad-${type}` },
    ...fields,
  });
  expect([answer.statusCode, answer.json().errors?.[0]?.field]).toEqual([400, field]);
});
