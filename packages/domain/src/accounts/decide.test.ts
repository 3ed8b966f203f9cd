import { describe, expect, test } from 'vitest';
import type { CardId, DepositId } from '../ids.ts';
import { InvariantBroken } from '../invariant.ts';
import { MAX_BALANCE_MINOR } from '../ledger/entry.ts';
import {
  account,
  accountClosed,
  accountControls,
  authorization,
  card,
  cardClosed,
  cardControls,
  cardNamed,
  cardPaused,
  cardResumed,
  deposit,
  EUR,
  given,
  manage,
  newStory,
  programPaused,
  type Step,
  type Story,
} from '../testing/index.ts';
import { MAX_CARDS } from './account.ts';
import type { AccountCommand } from './decide.ts';

const openAgain: Step = (story) => {
  const { accountId, program, currency } = story;
  story.last = manage(story, { type: 'openAccount', accountId, programId: program.programId, currency });
};
const depositOf = (amountMinor: bigint, currency = EUR): Step => {
  return (story) => {
    const { accountId } = story;
    story.last = manage(story, { type: 'deposit', accountId, depositId: 'dep' as DepositId, amountMinor, currency });
  };
};
const inDollars: Step = (story) => {
  const { currency } = story;
  account('0.00', 'USD')(story);
  story.currency = currency;
};

describe('a management call', () => {
  test.each<[string, readonly Step[], Step, string]>([
    ['opens an account', [], openAgain, 'done'],
    ['opens an account once', [account()], openAgain, 'refused: account_exists'],
    ['opens no account in a paused program', [programPaused()], openAgain, 'refused: program_paused'],
    ['deposits', [account('0.00')], deposit('0.01'), 'done'],
    ['deposits nowhere', [], deposit('1.00'), 'refused: account_not_found'],
    ['deposits in the account’s currency only', [inDollars], deposit('1.00'), 'refused: currency_mismatch'],
    ['deposits up to 2^53 − 1', [account('0.00')], depositOf(MAX_BALANCE_MINOR), 'done'],
    ['deposits not beyond it', [account('0.01')], depositOf(MAX_BALANCE_MINOR), 'refused: balance_too_large'],
    [
      'deposits nothing into a closed account',
      [account('0.00'), accountClosed()],
      deposit('1.00'),
      'refused: account_closed',
    ],
    ['issues a card', [account()], card(), 'done'],
    ['issues a card once', [account(), card()], card(), 'refused: card_number_taken'],
    ['issues no card in a paused program', [account(), programPaused()], card(), 'refused: program_paused'],
    ['issues no card of a closed account', [account('0.00'), accountClosed()], card(), 'refused: account_closed'],
    ['pauses a card', [account(), card()], cardPaused(), 'done'],
    ['pauses a paused card again', [account(), card(), cardPaused()], cardPaused(), 'done'],
    ['resumes a card', [account(), card(), cardPaused()], cardResumed(), 'done'],
    ['closes a card', [account(), card()], cardClosed(), 'done'],
    ['closes a closed card again', [account(), card(), cardClosed()], cardClosed(), 'done'],
    ['never resumes a closed card', [account(), card(), cardClosed()], cardResumed(), 'refused: card_closed'],
    ['never pauses a closed card', [account(), card(), cardClosed()], cardPaused(), 'refused: card_closed'],
    ['sets no controls of a closed card', [account(), card(), cardClosed()], cardControls({}), 'refused: card_closed'],
    ['pauses no card that is not there', [account()], cardPaused(), 'refused: card_not_found'],
    ['sets a card’s controls', [account(), card()], cardControls({ daily: '1.00' }), 'done'],
    ['sets an account’s controls', [account()], accountControls({ daily: '1.00' }), 'done'],
    ['closes an empty account', [account('0.00')], accountClosed(), 'done'],
    [
      'closes no account whose money is all held',
      [account('5.00'), card(), authorization('5.00')],
      accountClosed(),
      'refused: account_not_empty',
    ],
    ['closes no account with money', [account('0.01')], accountClosed(), 'refused: account_not_empty'],
  ])('%s', (_, before, step, answer) => expect(given(...before).when(step).answer).toBe(answer));

  test.each<[string, readonly Step[], (story: Story) => AccountCommand, object]>([
    [
      'opens an account as it is called, with its credit line',
      [],
      ({ accountId, program: { programId }, currency }) => ({
        ...{ type: 'openAccount', accountId, programId, currency, name: 'Travel', creditLineMinor: 500n },
      }),
      {
        type: 'AccountOpened',
        data: {
          ...{ accountId: 'acct_main', programId: 'prog_main', currency: 'EUR', name: 'Travel', creditLineMinor: 500n },
        },
      },
    ],
    [
      'opens an account without a name',
      [],
      ({ accountId, program: { programId }, currency }) => ({ type: 'openAccount', accountId, programId, currency }),
      {
        type: 'AccountOpened',
        data: { accountId: 'acct_main', programId: 'prog_main', currency: 'EUR', creditLineMinor: 0n },
      },
    ],
    [
      'closes an account and says why',
      [account('0.00')],
      ({ accountId }) => ({ type: 'closeAccount', accountId, reason: 'moved' }),
      { type: 'AccountClosed', data: { accountId: 'acct_main', reason: 'moved' } },
    ],
    [
      'closes an account and says nothing',
      [account('0.00')],
      ({ accountId }) => ({ type: 'closeAccount', accountId }),
      { type: 'AccountClosed', data: { accountId: 'acct_main' } },
    ],
    [
      'pauses a card and says why',
      [account(), card()],
      () => ({ type: 'pauseCard', cardId: cardNamed(), reason: 'lost' }),
      { type: 'CardPaused', data: { cardId: 'card_main', reason: 'lost' } },
    ],
    [
      'pauses a card and says nothing',
      [account(), card()],
      () => ({ type: 'pauseCard', cardId: cardNamed() }),
      { type: 'CardPaused', data: { cardId: 'card_main' } },
    ],
  ])('%s', (_, before, command, event) => {
    const { story } = given(...before).when((story) => {
      story.last = manage(story, command(story));
    });
    expect(story.last.wrote).toStrictEqual([event]);
  });

  test('opens no account with a credit line below nothing', () => {
    const { programId } = newStory().program;
    const opening: Step = (story) => {
      const { accountId, currency } = story;
      manage(story, { type: 'openAccount', accountId, programId, currency, creditLineMinor: -1n });
    };
    expect(() => given().when(opening)).toThrow(InvariantBroken);
  });

  test('resumes a card, which then works again', () => {
    const paused = [account(), card(), cardPaused()];
    expect(given(...paused).when(authorization('1.00')).answer).toBe('declined: card_paused');
    expect(given(...paused, cardResumed()).when(authorization('1.00')).answer).toBe('approved');
  });

  test.each([-1n, 0n])('deposits no %d minor units: the edges refuse them', (amountMinor) =>
    expect(() => given(account()).when(depositOf(amountMinor))).toThrow(InvariantBroken),
  );

  test('moves a deposit from the bank to available', () => {
    const { story, available } = given(account('0.00')).when(deposit('12.34'));
    expect(available).toBe('12.34');
    expect(story.last.wrote[0]?.data).toMatchObject({
      entry: [
        { account: 'bank', currency: 'EUR', debitMinor: 1234n },
        { account: 'available', currency: 'EUR', creditMinor: 1234n },
      ],
      balances: { availableMinor: 1234n, heldMinor: 0n },
    });
  });

  test(`issues ${MAX_CARDS} cards of one account and not one more`, () => {
    const story = newStory();
    account()(story);
    const before = [...story.account.cards];
    card()(story);
    const [main] = story.account.cards.values();
    if (main === undefined || before.length > 0) throw new Error('one card');
    for (let n = 2; n < MAX_CARDS; n++) story.account.cards.set(`card_${n}` as CardId, main);
    card({ name: 'last' })(story);
    expect(story.account.cards.has(cardNamed('last'))).toBe(true);
    card({ name: 'beyond' })(story);
    expect(story.last.refusal).toBe('too_many_cards');
  });
});
