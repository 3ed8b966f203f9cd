import { describe, expect, test } from 'vitest';
import {
  account,
  accountClosed,
  accountVerification,
  authorization,
  balanceInquiry,
  card,
  cardClosed,
  cardPaused,
  given,
  programPaused,
  type Step,
} from '../testing/index.ts';

const ready = [account('200.00', 'EUR', '50.00'), card(), authorization('30.00')];

describe.each([
  ['a balance inquiry', balanceInquiry],
  ['an account verification', accountVerification],
])('%s', (_, ask) => {
  test.each<[string, readonly Step[], string, string]>([
    ['is approved', ready, 'approved', '00'],
    ['is approved with nothing to spend', [account('0.00'), card()], 'approved', '00'],
    ['on a paused card is declined', [...ready, cardPaused()], 'declined: card_paused', '62'],
    ['on a closed card is declined', [...ready, cardClosed()], 'declined: card_closed', '46'],
    ['in a paused program is declined', [...ready, programPaused()], 'declined: program_paused', '57'],
    ['on a closed account is declined', [account('0.00'), card(), accountClosed()], 'declined: account_closed', '57'],
    ['of a card that has expired is declined', [account(), card({ expiry: '2602' })], 'declined: card_expired', '54'],
  ])('%s', (_, before, answer, code) => {
    const outcome = given(...before).when(ask('0.00', { of: 'asked' }));
    expect(outcome).toMatchObject({ answer, code, wrote: 'InquiryAnswered', status: '' });
  });

  test('moves no money and opens no transaction', () => {
    const { story } = given(...ready).when(ask('0.00', { of: 'asked' }));
    expect(story.account.transactions.size).toBe(1);
    expect(story.account.balances).toEqual({ availableMinor: 17_000n, heldMinor: 3_000n });
  });

  test('twice is answered alike', () => {
    const said = { of: 'asked', stan: '000009', sent: '2026-03-01T12:00:00.000Z' };
    expect(given(...ready, ask('0.00', said)).when(ask('0.00', said))).toMatchObject({ answer: 'approved', wrote: '' });
  });
});

test('a balance inquiry is told what can be spent: available and the credit line', () => {
  const { story } = given(...ready).when(balanceInquiry('0.00', { of: 'asked' }));
  expect(story.last.answer?.spendableMinor).toBe(22_000n); // 170.00 + 50.00
});

test('a balance inquiry that is declined, and an account verification, are told no balance', () => {
  const declined = given(...ready, cardPaused()).when(balanceInquiry('0.00', { of: 'asked' }));
  expect(declined.story.last.answer).not.toHaveProperty('spendableMinor');
  const verified = given(...ready).when(accountVerification('0.00', { of: 'asked' }));
  expect(verified.story.last.answer).not.toHaveProperty('spendableMinor');
});
