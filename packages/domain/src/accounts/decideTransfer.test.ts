import { currencyOf } from '@holdfast/money';
import { describe, expect, test } from 'vitest';
import type { AccountId, ProgramId, TransferId } from '../ids.ts';
import { InvariantBroken } from '../invariant.ts';
import { MAX_BALANCE_MINOR } from '../ledger/entry.ts';
import {
  account,
  accountClosed,
  authorization,
  card,
  clearing,
  correction,
  deposit,
  EUR,
  given,
  manage,
  minor,
  type Step,
  withdrawal,
} from '../testing/index.ts';
import { MAX_UNFINISHED_TRANSFERS, type TransferTarget, transferStepId } from './decideTransfer.ts';
import type { TransferRefusal } from './transfer.ts';

const TARGET: TransferTarget = { programId: 'prog_main' as ProgramId, currency: EUR, status: 'open' };
const named = (name: string) => `trf_${name}` as TransferId;
const OTHER = 'acct_other' as AccountId;

function sent(amount: string, name = 'one', targetFacts: TransferTarget | undefined = TARGET, target = OTHER): Step {
  return (story) => {
    const { accountId, currency } = story;
    const sum = { amountMinor: minor(amount, currency), currency, reference: 'rent' };
    story.last = manage(story, {
      type: 'sendTransfer',
      accountId,
      transferId: named(name),
      target,
      targetFacts,
      ...sum,
    });
  };
}

function received(amount: string, name = 'one'): Step {
  return (story) => {
    const { accountId, currency } = story;
    const sum = { amountMinor: minor(amount, currency), currency, reference: 'rent' };
    story.last = manage(story, { type: 'receiveTransfer', accountId, transferId: named(name), source: OTHER, ...sum });
  };
}

function finished(name = 'one', refused?: TransferRefusal): Step {
  return (story) => {
    const { accountId } = story;
    story.last = manage(story, { type: 'finishTransfer', accountId, transferId: named(name), refused });
  };
}

const toItself: Step = (story) => sent('1.00', 'one', TARGET, story.accountId)(story);
const MOST = '90071992547409.91';

describe('to send a transfer', () => {
  test.each<[string, readonly Step[], Step, string, string]>([
    ['of some', [account('100.00')], sent('40.00'), 'done', '60.00'],
    ['of all', [account('100.00')], sent('100.00'), 'done', '0.00'],
    ['of a cent more', [account('100.00')], sent('100.01'), 'refused: insufficient_funds', '100.00'],
    ['on credit', [account('0.00', 'EUR', '5.00')], sent('5.00'), 'done', '-5.00'],
    ['beyond the credit line', [account('0.00', 'EUR', '5.00')], sent('5.01'), 'refused: insufficient_funds', '0.00'],
    [
      'of what is held',
      [account('9.00'), card(), authorization('5.00')],
      sent('4.01'),
      'refused: insufficient_funds',
      '4.00',
    ],
    [
      'of what was sent already',
      [account('9.00'), sent('5.00')],
      sent('4.01', 'two'),
      'refused: insufficient_funds',
      '4.00',
    ],
    [
      'from an overdrawn account',
      [account('0.00'), correction('debit', '1.00')],
      sent('0.01'),
      'refused: insufficient_funds',
      '-1.00',
    ],
    ['from a closed account', [account('0.00'), accountClosed()], sent('1.00'), 'refused: account_closed', '0.00'],
    ['from nowhere', [], sent('1.00'), 'refused: account_not_found', '0.00'],
    ['to itself', [account('9.00')], toItself, 'refused: same_account', '9.00'],
    [
      'to another program',
      [account('9.00')],
      sent('1.00', 'one', { ...TARGET, programId: 'prog_other' as ProgramId }),
      'refused: other_program',
      '9.00',
    ],
    [
      'to another currency',
      [account('9.00')],
      sent('1.00', 'one', { ...TARGET, currency: currencyOf('USD').code }),
      'refused: currency_mismatch',
      '9.00',
    ],
    ['in another currency', [account('9', 'JPY')], sent('1'), 'refused: currency_mismatch', '9'],
    [
      'to a closed account',
      [account('9.00')],
      sent('1.00', 'one', { ...TARGET, status: 'closed' }),
      'refused: target_closed',
      '9.00',
    ],
  ])('%s: %4$s', (_, before, step, answer, available) => {
    const outcome = given(...before).when(step);
    expect([outcome.answer, outcome.available]).toEqual([answer, available]);
  });

  test('to nobody is refused', () => {
    const toNobody: Step = (story) => {
      const { accountId, currency } = story;
      const sum = { transferId: named('one'), amountMinor: 1n, currency };
      story.last = manage(story, { type: 'sendTransfer', accountId, target: OTHER, targetFacts: undefined, ...sum });
    };
    expect(given(account('9.00')).when(toNobody).answer).toBe('refused: target_not_found');
  });

  test('in the target’s currency, which is not the account’s, is refused', () => {
    const inEuros: Step = (story) => {
      const { accountId } = story;
      const sum = { transferId: named('one'), amountMinor: 100n, currency: EUR };
      story.last = manage(story, { type: 'sendTransfer', accountId, target: OTHER, targetFacts: TARGET, ...sum });
    };
    expect(given(account('9.00', 'USD')).when(inEuros).answer).toBe('refused: currency_mismatch');
  });

  test.each(['0.00', '-0.01'])('of %s breaks an invariant: the edges refuse it', (amount) =>
    expect(() => given(account('9.00')).when(sent(amount))).toThrow(InvariantBroken),
  );

  test(`leaves at most ${MAX_UNFINISHED_TRANSFERS} unfinished`, () => {
    const all = Array.from({ length: MAX_UNFINISHED_TRANSFERS }, (_, n) => sent('0.01', String(n)));
    const full = [account('100.00'), ...all];
    expect(given(...full).when().answer).toBe('done');
    expect(given(...full).when(sent('0.01', 'one')).answer).toBe('refused: too_many_transfers');
    expect(given(...full, finished('0')).when(sent('0.01', 'one')).answer).toBe('done');
  });
});

describe('a transfer', () => {
  test.each<[string, Step, string, string]>([
    ['that is sent', sent('2.00'), 'available', 'in_transit'],
    ['that is received', received('2.00'), 'in_transit', 'available'],
  ])('%s moves from %3$s to %4$s', (_, step, debited, credited) =>
    expect(given(account('9.00')).when(step).story.last.wrote[0]?.data).toMatchObject({
      entry: [
        { account: debited, currency: 'EUR', debitMinor: 200n },
        { account: credited, currency: 'EUR', creditMinor: 200n },
      ],
    }),
  );

  test.each<[string, readonly Step[], string, string]>([
    ['adds to its target', [account('9.00'), received('2.00')], 'TransferReceived', '11.00'],
    [
      'can make it recover',
      [account('0.00'), correction('debit', '2.00'), received('2.00')],
      'TransferReceived AccountRecovered',
      '0.00',
    ],
    ['is refused by a closed account', [account('0.00'), accountClosed(), received('2.00')], 'TransferRefused', '0.00'],
    ['fills its target to 2^53 − 1', [account('0.00'), received(MOST)], 'TransferReceived', MOST],
    ['is refused beyond it', [account('0.01'), received(MOST)], 'TransferRefused', '0.01'],
    [
      'is refused where what the target has sent itself might come back',
      [account('0.01'), sent('0.01'), received(MOST, 'two')],
      'TransferRefused',
      '0.00',
    ],
    ['that was received is completed', [account('9.00'), sent('2.00'), finished()], 'TransferCompleted', '7.00'],
    [
      'that was refused comes back',
      [account('9.00'), sent('2.00'), finished('one', 'account_closed')],
      'TransferReturned',
      '9.00',
    ],
    [
      'that comes back to an account that facts have overdrawn makes it recover',
      [account('9.00'), card(), sent('9.00'), clearing('1.00'), finished('one', 'account_closed')],
      'TransferReturned AccountRecovered',
      '8.00',
    ],
  ])('%s', (_, steps, wrote, available) => {
    const outcome = given(...steps).when();
    expect([outcome.wrote, outcome.available]).toEqual([wrote, available]);
  });

  test.each<[string, readonly Step[], Step, object]>([
    [
      'to its source, for what',
      [account('9.00')],
      sent('2.00'),
      { transferId: 'trf_one', target: 'acct_other', amountMinor: 200n, currency: 'EUR', reference: 'rent' },
    ],
    [
      'to its target, for what',
      [account('9.00')],
      received('2.00'),
      { transferId: 'trf_one', source: 'acct_other', amountMinor: 200n, currency: 'EUR', reference: 'rent' },
    ],
    [
      'why it was refused',
      [account('0.00'), accountClosed()],
      received('2.00'),
      { transferId: 'trf_one', source: 'acct_other', reason: 'account_closed' },
    ],
    [
      'why it came back',
      [account('9.00'), sent('2.00')],
      finished('one', 'balance_too_large'),
      { transferId: 'trf_one', amountMinor: 200n, currency: 'EUR', reason: 'balance_too_large' },
    ],
  ])('says %s', (_, before, step, data) =>
    expect(given(...before).when(step).story.last.wrote[0]?.data).toMatchObject(data),
  );

  test('in another currency never comes to its target', () => {
    const inDollars: Step = (story) => {
      const sum = { transferId: named('one'), amountMinor: 1n, currency: currencyOf('USD').code };
      manage(story, { type: 'receiveTransfer', accountId: story.accountId, source: OTHER, ...sum });
    };
    expect(() => given(account('9.00')).when(inDollars)).toThrow(InvariantBroken);
  });

  test('has steps of the same name for all who take them', () => {
    expect(transferStepId(named('one'), 'receive')).toBe('transfer:trf_one:receive');
    expect(transferStepId(named('one'), 'finish')).toBe('transfer:trf_one:finish');
  });

  test('is remembered by its source until it is finished', () => {
    const ids = (...steps: readonly Step[]) => [
      ...given(account('9.00'), ...steps)
        .when()
        .story.account.transfers.keys(),
    ];
    const [one, two] = [sent('1.00'), sent('2.00', 'two')];
    expect(ids(one, two)).toEqual([named('one'), named('two')]);
    expect(ids(one, two, finished('two'))).toEqual([named('one')]);
    expect(ids(one, two, finished('one', 'balance_too_large'), finished('two'))).toEqual([]);
  });

  test('is finished once', () => {
    expect(() => given(account('9.00'), sent('1.00'), finished()).when(finished())).toThrow(InvariantBroken);
    expect(() => given(account('9.00')).when(finished('one', 'account_closed'))).toThrow(InvariantBroken);
  });

  test('leaves room for what may come back: a deposit that takes it is refused', () => {
    const full = [account(MOST), sent('1.00')];
    expect(given(...full).when(deposit('0.01')).answer).toBe('refused: balance_too_large');
    expect(given(...full, finished()).when(deposit('1.00')).story.account.balances.availableMinor).toBe(
      MAX_BALANCE_MINOR,
    );
  });

  test('keeps its source from being closed until it is finished', () => {
    const emptied = [account('9.00'), sent('9.00')];
    expect(given(...emptied).when(accountClosed()).answer).toBe('refused: account_not_empty');
    expect(given(...emptied, finished()).when(accountClosed()).answer).toBe('done');
    expect(given(...emptied, finished('one', 'account_closed'), withdrawal('9.00')).when(accountClosed()).answer).toBe(
      'done',
    );
  });
});
