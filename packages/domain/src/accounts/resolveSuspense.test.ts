import { currencyOf } from '@holdfast/money';
import { describe, expect, test } from 'vitest';
import { MAX_BALANCE_MINOR } from '../ledger/entry.ts';
import type { SuspenseSum } from '../ledger/suspense.ts';
import { account, accountClosed, correction, given, manage, type Outcome, type Step } from '../testing/index.ts';
import { decideAssignment } from '../unmatched/assignSuspense.ts';
import { newAccount } from './account.ts';

const EUR = currencyOf('EUR').code;

/** 5.00 EUR left in suspense by the last event, on the side that `direction` says. */
const left = (direction: 'debit' | 'credit' = 'debit') => correction(direction, '5.00', 'suspense');

type To = 'available' | 'losses' | 'adjustments';

/** What the event before the last `back` left there. */
function resolved(to: To, { back = 0, accountMinor }: { back?: number; accountMinor?: bigint } = {}): Step {
  return (story) => {
    const { accountId } = story;
    const revision = story.events.findLastIndex(({ type }) => type === 'CorrectionPosted') - back;
    const given = accountMinor === undefined ? {} : { accountMinor };
    story.last = manage(story, { type: 'resolveSuspense', accountId, revision, to, reason: 'found', ...given });
  };
}

function received(sum: SuspenseSum, accountMinor: bigint): Step {
  return (story) => {
    const { accountId } = story;
    const item = { stream: 'unmatched-7f', revision: 12 };
    story.last = manage(story, { type: 'receiveSuspense', accountId, ...item, sum, accountMinor });
  };
}

const entryOf = ({ story }: Outcome) => {
  const [first] = story.last.wrote;
  if (first === undefined || !('entry' in first.data)) throw new Error('no entry');
  return first.data.entry.map((leg) => `${'debitMinor' in leg ? 'debit' : 'credit'} ${leg.account} ${leg.currency}`);
};

describe('what an account has left in suspense', () => {
  test.each<[string, readonly Step[], Step, string, string]>([
    ['is given back to it', [account('9.00'), left()], resolved('available'), 'SuspenseResolved', '9.00'],
    ['is taken from it', [account('9.00'), left('credit')], resolved('available'), 'SuspenseResolved', '9.00'],
    ['is a loss', [account('9.00'), left('credit')], resolved('losses'), 'SuspenseResolved', '14.00'],
    ['is an adjustment', [account('9.00'), left()], resolved('adjustments'), 'SuspenseResolved', '4.00'],
    [
      'is taken from a closed account that has nothing',
      [
        account('0.00'),
        left('credit'),
        correction('debit', '5.00'),
        accountClosed(),
        left('credit'),
        correction('debit', '5.00', 'losses'),
      ],
      resolved('available', { back: 1 }),
      'SuspenseResolved AccountOverdrawn',
      '-5.00',
    ],
  ])('%s', (_, before, step, wrote, available) => {
    const outcome = given(...before).when(step);
    expect([outcome.wrote, outcome.available]).toEqual([wrote, available]);
  });

  test.each<[string, readonly Step[], Step, string]>([
    ['what is not there', [account('9.00'), correction('debit', '5.00')], resolved('losses'), 'suspense_not_found'],
    ['what is resolved', [account('9.00'), left(), resolved('losses')], resolved('available'), 'suspense_resolved'],
    [
      'what would take the account below −(2^53 − 1)',
      [account('0.00'), left('credit'), correction('debit', '90071992547409.92')],
      resolved('available', { back: 1 }),
      'balance_too_large',
    ],
    ['it twice in one way', [account('9.00'), left(), resolved('losses')], resolved('losses'), 'suspense_resolved'],
    [
      'a sum of its currency as another',
      [account('9.00'), left()],
      resolved('available', { accountMinor: 5n }),
      'account_amount_mismatch',
    ],
    [
      'a sum that goes to nobody as another',
      [account('9.00'), left()],
      resolved('losses', { accountMinor: 5n }),
      'account_amount_mismatch',
    ],
    [
      'what the account has no room for',
      [account('5.00'), left(), correction('credit', '90071992547409.91')],
      resolved('available', { back: 1 }),
      'balance_too_large',
    ],
  ])('nobody resolves %s', (_, before, step, refusal) =>
    expect(given(...before).when(step).answer).toBe(`refused: ${refusal}`),
  );

  test('may take the account to −(2^53 − 1)', () => {
    const before = [account('0.00'), left('credit'), correction('debit', '90071992547409.91')];
    expect(given(...before).when(resolved('available', { back: 1 }))).toMatchObject({
      answer: 'done',
      available: '-90071992547409.91',
    });
  });

  test('that goes to nobody is flagged with nothing', () =>
    expect(given(account('0.00'), left()).when(resolved('losses')).story.last.wrote[0]?.data).toMatchObject({
      flags: [],
    }));

  test('says where it came from, and is flagged when it overdraws', () => {
    const steps = [account('0.00'), left('credit'), correction('debit', '1.00')];
    const { story } = given(...steps).when(resolved('available', { back: 1 }));
    expect(story.last.wrote[0]?.data).toMatchObject({
      ...{ revision: 1, side: 'debit', amountMinor: 500n, currency: 'EUR', to: 'available', accountMinor: 500n },
      ...{ reason: 'found', flags: ['overdrawn'] },
    });
  });
});

describe('what was assigned to an account', () => {
  const debit: SuspenseSum = { side: 'debit', amountMinor: 500n, currency: EUR };
  const credit: SuspenseSum = { ...debit, side: 'credit' };

  test.each<[string, readonly Step[], Step, string, string]>([
    ['is taken from it', [account('9.00')], received(debit, 500n), 'SuspenseReceived', '4.00'],
    ['is added to it', [account('9.00')], received(credit, 500n), 'SuspenseReceived', '14.00'],
    ['overdraws it', [account('4.99')], received(debit, 500n), 'SuspenseReceived AccountOverdrawn', '-0.01'],
    ['comes to a closed one', [account('0.00'), accountClosed()], received(credit, 500n), 'SuspenseReceived', '5.00'],
    ['is converted', [account('9.00', 'USD')], received(credit, 540n), 'SuspenseReceived', '14.40'],
  ])('%s', (_, before, step, wrote, available) => {
    const outcome = given(...before).when(step);
    expect([outcome.wrote, outcome.available]).toEqual([wrote, available]);
  });

  test('comes over fx in another currency', () =>
    expect(entryOf(given(account('9.00', 'USD')).when(received(debit, 540n)))).toEqual([
      'debit available USD',
      'credit fx USD',
      'debit fx EUR',
      'credit in_transit EUR',
    ]));

  test.each([
    ['when it overdraws', account('4.99'), debit, ['overdrawn']],
    ['not when it takes all there is', account('5.00'), debit, []],
    ['not when it takes all of a credit line', account('0.00', 'EUR', '5.00'), debit, []],
    ['not when it adds to nothing', account('0.00'), credit, []],
  ])('is flagged %s', (_, before, sum, flags) =>
    expect(given(before).when(received(sum, 500n)).story.last.wrote[0]?.data).toMatchObject({ flags }),
  );
});

describe('to assign a sum of an unmatched message', () => {
  const sum: SuspenseSum = { side: 'credit', amountMinor: 500n, currency: EUR };
  const items = () => new Map([[12, { sum, resolved: false, lastRevision: 12 }]]);
  const of = (...steps: readonly Step[]) => given(...steps).when().story.account;
  const assign = (account = of(account_()), accountMinor?: bigint, revision = 12) =>
    decideAssignment(items(), { revision, to: { account, accountMinor }, reason: 'found' });
  const account_ = () => account('9.00');

  test('to an account sends it there', () =>
    expect(assign()).toMatchObject({
      type: 'SuspenseAssigned',
      data: {
        ...{ revision: 12, ...sum, to: 'in_transit', accountId: 'acct_main', accountMinor: 500n, reason: 'found' },
        entry: [
          { account: 'suspense', debitMinor: 500n },
          { account: 'in_transit', creditMinor: 500n },
        ],
      },
    }));

  test('to nobody bears it', () => {
    const decided = decideAssignment(items(), { revision: 12, to: 'losses', reason: 'lost' });
    expect(decided).toMatchObject({ data: { to: 'losses', entry: [{ account: 'suspense' }, { account: 'losses' }] } });
    expect(decided).not.toHaveProperty('data.accountId');
  });

  test.each([
    ['to nobody’s account', () => assign(newAccount()), 'account_not_found'],
    ['that is not there', () => assign(undefined, undefined, 11), 'suspense_not_found'],
    ['without its amount in dollars', () => assign(of(account('9.00', 'USD'))), 'account_amount_mismatch'],
    ['with an amount of its own currency', () => assign(undefined, 500n), 'account_amount_mismatch'],
    [
      'to an account without room for it',
      () => assign(of(account('9.00', 'USD')), MAX_BALANCE_MINOR),
      'balance_too_large',
    ],
  ])('%s is refused', (_, decide, refusal) => expect(decide()).toEqual({ refusal }));
});
