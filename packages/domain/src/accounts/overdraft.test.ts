import { describe, expect, test } from 'vitest';
import { keysOf } from '../index.ts';
import {
  account,
  accountClosed,
  authorization,
  card,
  clearing,
  correction,
  creditLine,
  deposit,
  expiry,
  given,
  lateRelease,
  reversal,
  type Step,
  withdrawal,
} from '../testing/index.ts';
import { newAccount } from './account.ts';
import { evolveAccount, remember } from './evolve.ts';

const overdrawn = [account('10.00'), card(), clearing('15.00')] as const;

describe('what an append ends with', () => {
  test.each<[string, readonly Step[], string]>([
    ['a clearing of all there is', [account('15.00'), card(), clearing('15.00')], 'ClearingPosted'],
    ['a clearing of more', [...overdrawn], 'ClearingPosted AccountOverdrawn'],
    ['another one, of an overdrawn account', [...overdrawn, clearing('1.00', { of: 'other' })], 'ClearingPosted'],
    ['a deposit that leaves it overdrawn', [...overdrawn, deposit('4.99')], 'FundsDeposited'],
    ['a deposit of what is missing', [...overdrawn, deposit('5.00')], 'FundsDeposited AccountRecovered'],
    ['a credit line that covers it', [...overdrawn, creditLine('5.00')], 'CreditLineSet AccountRecovered'],
    ['one that does not', [...overdrawn, creditLine('4.99')], 'CreditLineSet'],
    [
      'a credit line below what is used of it',
      [account('0.00', 'EUR', '5.00'), withdrawal('5.00'), creditLine('4.99')],
      'CreditLineSet AccountOverdrawn',
    ],
    ['a withdrawal on credit', [account('0.00', 'EUR', '5.00'), withdrawal('5.00')], 'FundsWithdrawn'],
    ['a correction', [account('1.00'), correction('debit', '1.01')], 'CorrectionPosted AccountOverdrawn'],
    [
      'a correction of a closed account',
      [account('0.00'), accountClosed(), correction('debit', '0.01')],
      'CorrectionPosted AccountOverdrawn',
    ],
    [
      'a reversal that gives back enough',
      [account('10.00'), card(), authorization('8.00'), clearing('3.00', { of: 'other' }), reversal()],
      'AuthorizationReversed AccountRecovered',
    ],
    [
      'an expiry that does',
      [account('10.00'), card(), authorization('8.00'), clearing('3.00', { of: 'other' }), expiry()],
      'AuthorizationExpired AccountRecovered',
    ],
    [
      'the release of a late approval that does',
      [account('10.00'), card(), authorization('8.00'), clearing('3.00', { of: 'other' }), lateRelease()],
      'LateApprovalReleased AccountRecovered',
    ],
    ['a decline', [...overdrawn, authorization('1.00')], 'AuthorizationDeclined'],
  ])('%s: %3$s', (_, steps, wrote) => expect(given(...steps).when().wrote).toBe(wrote));

  test('says what is available and what is spendable', () => {
    const { story } = given(account('10.00', 'EUR', '2.00'), card()).when(clearing('15.00'));
    expect(story.last.wrote.at(-1)).toEqual({
      type: 'AccountOverdrawn',
      data: { availableMinor: -500n, spendableMinor: -300n },
    });
  });
});

describe('a command', () => {
  const { events } = given(...overdrawn).when().story;
  const [posted, says] = events.slice(-2);
  if (posted === undefined || says === undefined) throw new Error('two events');

  test('is known by its first event, whichever comes back first', () => {
    const { commandId } = posted.metadata;
    for (const order of [
      [posted, says],
      [says, posted],
      [says, posted, says],
    ]) {
      const state = events.slice(0, -2).reduce(evolveAccount, newAccount());
      for (const event of order) remember(state, event);
      expect(state.commands.get(commandId)).toMatchObject({ revision: posted.revision });
    }
  });

  test('is not looked for under what follows from it', () => {
    const recovered = given(...overdrawn)
      .when(deposit('5.00'))
      .story.events.at(-1);
    expect([says, recovered].map((event) => event && [event.type, keysOf(event)])).toEqual([
      ['AccountOverdrawn', []],
      ['AccountRecovered', []],
    ]);
  });
});

test('that an account was overdrawn is said once, and once that it was not', () => {
  const { story } = given(...overdrawn, clearing('1.00', { of: 'other' }), deposit('20.00')).when();
  const said = story.events.map(({ type }) => type).filter((type) => /Overdrawn|Recovered/.test(type));
  expect(said).toEqual(['AccountOverdrawn', 'AccountRecovered']);
});
