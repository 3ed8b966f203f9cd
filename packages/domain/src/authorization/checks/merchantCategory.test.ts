import { describe, expect, test } from 'vitest';
import { type Allows, account, accountControls, authorization, card, given } from '../../testing/index.ts';

describe('lists of merchant categories', () => {
  test.each<[card: Allows, account: Allows, mcc: string, answer: string]>([
    [{}, {}, '5812', 'approved'],
    [{ blocked: ['7995'] }, {}, '5812', 'approved'],
    [{ blocked: ['7995'] }, {}, '7995', 'declined: merchant_category_blocked'],
    [{ allowed: ['5812'] }, {}, '5812', 'approved'],
    [{ allowed: ['5812', '5814'] }, {}, '5814', 'approved'],
    [{ allowed: ['5812'] }, {}, '5814', 'declined: merchant_category_not_allowed'],
    [{ allowed: ['5812'], blocked: ['5812'] }, {}, '5812', 'declined: merchant_category_blocked'],
    [{}, { blocked: ['7995'] }, '7995', 'declined: account_merchant_category_blocked'],
    [{}, { allowed: ['5812'] }, '5814', 'declined: account_merchant_category_not_allowed'],
    [{ allowed: ['7995'] }, { blocked: ['7995'] }, '7995', 'declined: account_merchant_category_blocked'],
    [{ blocked: ['7995'] }, { allowed: ['7995'] }, '7995', 'declined: merchant_category_blocked'],
    [
      { blocked: ['7995'] },
      { blocked: ['7995'] },
      '7995',
      'declined: merchant_category_blocked, account_merchant_category_blocked',
    ],
  ])('of the card %j and of the account %j, at %s: %s', (ofCard, ofAccount, mcc, answer) => {
    const before = [account(), card(ofCard), accountControls(ofAccount)];
    expect(given(...before).when(authorization('1.00', { mcc })).answer).toBe(answer);
  });

  test('of one card say nothing about another', () => {
    const before = [account(), card({ blocked: ['5812'] }), card({ name: 'other' })];
    expect(given(...before).when(authorization('1.00', { card: 'other' })).answer).toBe('approved');
  });
});
