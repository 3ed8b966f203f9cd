import {
  type AccountId,
  type AuthorizationMessage,
  type CardId,
  type ClearingMessage,
  type DecidableMessage,
  type TransactionId,
  usualHoldExpiry,
} from '@holdfast/domain';
import { limitId } from '@holdfast/events';
import { describe, expect, test } from 'vitest';
import { newWorld, projectAll } from '../../test/readModels.ts';
import { currency, type World } from '../../test/world.ts';
import { openQueries, type Queries, type TransactionView } from '../index.ts';

const EUR = currency('EUR');
const USD = currency('USD');
const DAYS_8_MS = 8 * 86_400_000;
const merchant = { id: '527021000207953', name: 'ACME', city: 'Berlin', country: 'DE', mcc: '5812' };

type Given = { readonly world: World; readonly account: AccountId; readonly card: CardId };
type Step = (given: Given) => void;

const base = { network: 'visa', networkTransactionId: 'n1' } as const;

function sends(identity: string | undefined, message: (cardId: CardId) => DecidableMessage): Step {
  return ({ world, account, card }) => {
    world.pass(1_000);
    world.send(account, message(card), identity);
  };
}
const authorization = (amountMinor: bigint, more: Partial<AuthorizationMessage> = {}): Step =>
  sends('the authorization', (cardId) => ({
    ...{ ...base, type: 'authorization', cardId, amountMinor, currency: EUR, merchant },
    ...more,
  }));
const clearing = (amountMinor: bigint, final: boolean, more: Partial<ClearingMessage> = {}): Step =>
  sends(undefined, (cardId) => ({
    ...{ ...base, type: 'clearing', cardId, amountMinor, currency: EUR, merchant, final },
    ...more,
  }));
const reversal = (amountMinor?: bigint, currency = EUR): Step =>
  sends(undefined, (cardId) => ({
    ...{ ...base, type: 'reversal', cardId, currency },
    ...(amountMinor === undefined ? {} : { amountMinor }),
  }));
const firstTransaction = ({ world, account }: Given): TransactionId => {
  const [transaction] = world.accounts.get(account)?.transactions.values() ?? [];
  if (transaction === undefined) throw new Error('no transaction');
  return transaction.transactionId;
};
const expiry: Step = (given) => {
  const { world, account } = given;
  const id = firstTransaction(given);
  const expiresAt = world.accounts.get(account)?.transactions.get(id)?.expiresAt ?? 0;
  world.pass(DAYS_8_MS);
  world.timer(account, { type: 'expire', transactionId: id, expiresAt });
};
const lateRelease: Step = ({ world, account }) => {
  const [transaction] = world.accounts.get(account)?.transactions.values() ?? [];
  if (transaction?.releasable === undefined) return;
  const { transactionId, releasable } = transaction;
  world.timer(account, { type: 'releaseLate', transactionId, decision: releasable.commandId });
};
const repeatAfterDeadline: Step = (given) => {
  given.world.pass(6_000);
  authorization(4_000n)(given);
};

async function reading<T>(directory: string, read: (queries: Queries) => T): Promise<T> {
  await projectAll(directory);
  const queries = openQueries({ directory });
  try {
    return read(queries);
  } finally {
    queries.close();
  }
}

/** An account in EUR with 100.00 and a card, and what happened to it. */
async function given(...steps: readonly Step[]) {
  const world = await newWorld();
  const account = world.openAccount(world.createProgram('Travel'), 'EUR');
  world.deposit(account, 10_000n);
  const all = { world, account, card: world.issueCard(account) };
  for (const step of steps) step(all);
  await world.written();
  return { ...all, directory: world.directory };
}

/** `status requested/approved/open/reversed/cleared (account: the same, held …)`, in minor units. */
function inWords({ status, amounts, accountAmounts }: TransactionView): string {
  const line = (of: TransactionView['amounts']): string =>
    [of.requestedMinor, of.approvedMinor, of.openMinor, of.reversedMinor, of.clearedMinor].join('/');
  return `${status} ${line(amounts)} (${line(accountAmounts)}, held ${accountAmounts.heldMinor})`;
}

const inUsd = { currency: USD, billing: { amountMinor: 3_700n, currency: EUR } };

describe('a transaction after', () => {
  test.each<[string, readonly Step[], string, readonly string[]]>([
    [
      'an approval',
      [authorization(4_000n)],
      'pending 4000/4000/4000/0/0 (4000/4000/4000/0/0, held 4000)',
      ['authorization approved 00 of 4000: 4000 billed 4000'],
    ],
    [
      'an approval in another currency',
      [authorization(4_000n, inUsd)],
      'pending 4000/4000/4000/0/0 (3700/3700/3700/0/0, held 3700)',
      ['authorization approved 00 of 4000: 4000 billed 3700'],
    ],
    [
      'a partial approval',
      [authorization(12_000n, { partialApproval: true })],
      'pending 12000/10000/10000/0/0 (12000/10000/10000/0/0, held 10000)',
      ['authorization partially_approved 10 of 12000: 10000 billed 10000'],
    ],
    [
      'a decline',
      [authorization(10_001n)],
      'declined 10001/0/0/0/0 (10001/0/0/0/0, held 0)',
      ['authorization declined 51 of 10001: insufficient_funds'],
    ],
    [
      'a full reversal',
      [authorization(4_000n), reversal()],
      'voided 4000/4000/0/4000/0 (4000/4000/0/4000/0, held 0)',
      ['authorization approved 00 of 4000: 4000 billed 4000', 'reversal accepted 00 billed 4000'],
    ],
    [
      'a partial reversal',
      [authorization(4_000n, inUsd), reversal(1_000n, USD)],
      'pending 4000/4000/3000/1000/0 (3700/3700/2775/925/0, held 2775)',
      ['authorization approved 00 of 4000: 4000 billed 3700', 'reversal accepted 00 of 1000 billed 925'],
    ],
    [
      'a reversal of more than is open',
      [authorization(4_000n), reversal(4_500n)],
      'pending 4000/4000/4000/0/0 (4000/4000/4000/0/0, held 4000)',
      ['authorization approved 00 of 4000: 4000 billed 4000', 'reversal accepted 13 of 4500: over_reversal'],
    ],
    [
      'a partial and a final clearing',
      [authorization(4_000n), clearing(1_000n, false), clearing(2_000n, true)],
      'settled 4000/4000/0/0/3000 (4000/4000/0/0/3000, held 0)',
      [
        'authorization approved 00 of 4000: 4000 billed 4000',
        'clearing accepted 00 of 1000 billed 1000',
        'clearing accepted 00 of 2000 billed 2000',
      ],
    ],
    [
      'a clearing in another currency, which counts as what it took of open',
      [
        authorization(4_000n),
        clearing(2_000n, false, { currency: USD, billing: { amountMinor: 1_000n, currency: EUR } }),
      ],
      'partially_settled 4000/4000/3000/0/1000 (4000/4000/3000/0/1000, held 3000)',
      ['authorization approved 00 of 4000: 4000 billed 4000', 'clearing accepted 00 of 2000 billed 1000'],
    ],
    [
      'a clearing without an authorization',
      [clearing(2_000n, true)],
      'settled 0/0/0/0/2000 (0/0/0/0/2000, held 0)',
      ['clearing accepted 00 of 2000 billed 2000'],
    ],
    [
      'a clearing in another currency than its authorization, which comes after it',
      [
        clearing(2_000n, false, {
          ...{ currency: USD, billing: { amountMinor: 1_000n, currency: EUR } },
          transmittedAt: '2026-03-01T12:00:02Z',
        }),
        authorization(4_000n, { transmittedAt: '2026-03-01T12:00:01Z' }),
      ],
      'partially_settled 4000/4000/3000/0/1000 (4000/4000/3000/0/1000, held 3000)',
      ['clearing accepted 00 of 2000 billed 1000', 'authorization approved 00 of 4000: 4000 billed 4000'],
    ],
    [
      'a clearing of what was declined',
      [authorization(10_001n), clearing(10_001n, true)],
      'settled 10001/0/0/0/10001 (10001/0/0/0/10001, held 0)',
      ['authorization declined 51 of 10001: insufficient_funds', 'clearing accepted 00 of 10001 billed 10001'],
    ],
    [
      'an expiry',
      [authorization(4_000n), expiry],
      'expired 4000/4000/0/0/0 (4000/4000/0/0/0, held 0)',
      ['authorization approved 00 of 4000: 4000 billed 4000', 'expiry of 4000 billed 4000'],
    ],
    [
      'the release of a late approval',
      [authorization(4_000n), lateRelease],
      'voided 4000/4000/0/4000/0 (4000/4000/0/4000/0, held 0)',
      ['authorization approved 00 of 4000: 4000 billed 4000', 'late_release of 4000 billed 4000'],
    ],
    [
      'a repeat after the deadline',
      [authorization(4_000n), repeatAfterDeadline],
      'pending 4000/4000/4000/0/0 (4000/4000/4000/0/0, held 4000)',
      ['authorization approved 00 of 4000: 4000 billed 4000', 'answer_repeated'],
    ],
    [
      'a message of the same identity with other content',
      [authorization(4_000n), authorization(5_000n)],
      'pending 4000/4000/4000/0/0 (4000/4000/4000/0/0, held 4000)',
      ['authorization approved 00 of 4000: 4000 billed 4000', 'authorization declined 94 of 5000: identity_conflict'],
    ],
  ])('%s', async (_, steps, totals, messages) => {
    const { directory } = await given(...steps);
    await reading(directory, (queries) => {
      const { data } = queries.transactions({}, { limit: 10 });
      expect(data.map(inWords)).toEqual([totals]);
      const told = queries.messages(data[0]?.id ?? '').map((message) => {
        const { type, decision, responseCode, amountMinor, approvedMinor, billingMinor, reason } = message;
        const head = [type, decision, responseCode, amountMinor === undefined ? undefined : `of ${amountMinor}`];
        const tail = reason ?? approvedMinor;
        const words = `${head.filter((word) => word !== undefined).join(' ')}${tail === undefined ? '' : `: ${tail}`}`;
        return billingMinor === undefined ? words : `${words} billed ${billingMinor}`;
      });
      expect(told).toEqual(messages);
    });
  });
});

test('a transaction shows who, where, when and why', async () => {
  const { directory, account, card, world } = await given(authorization(10_001n), clearing(10_001n, true));
  await reading(directory, (queries) => {
    const [view] = queries.transactions({}, { limit: 1 }).data;
    expect(view).toMatchObject({
      ...{ accountId: account, cardId: card, network: 'visa', networkTransactionId: 'n1', merchant },
      ...{ currency: 'EUR', accountCurrency: 'EUR', reason: 'insufficient_funds', reasons: ['insufficient_funds'] },
      ...{ flags: ['after_decline', 'overdrawn'], createdAt: world.now() - 1_000, updatedAt: world.now() },
    });
    expect(queries.messages(view?.id ?? '').map(({ flags }) => flags.toSorted())).toEqual([
      [],
      ['after_decline', 'overdrawn'],
    ]);
  });
});

test('an account shows its balances after its last event, and what was set on it', async () => {
  const limits = [{ id: limitId('l'), amountMinor: 2n ** 53n - 1n, window: { kind: 'transaction' } }] as const;
  const controls = { limits, merchantCategories: { blocked: ['7995'], allowed: [] } };
  const { directory, account, world } = await given(authorization(4_000n), ({ world, account }) =>
    world.command(account, { type: 'setAccountControls', accountId: account, controls }),
  );
  const empty = world.openAccount(world.createProgram('Other'), 'USD');
  world.command(empty, { type: 'closeAccount', accountId: empty });
  await world.written();
  await reading(directory, (queries) => {
    expect(queries.account(account)).toMatchObject({
      ...{ id: account, currency: 'EUR', name: 'Travel', status: 'open', creditLineMinor: 0n, controls },
      balances: { availableMinor: 6_000n, heldMinor: 4_000n },
    });
    expect(queries.account(empty)).toMatchObject({ status: 'closed', currency: 'USD' });
    expect(queries.account('acct_unknown')).toBeUndefined();
  });
});

test('cards and programs show their state and controls', async () => {
  const { directory, account, card, world } = await given();
  const limits = [{ id: limitId('l'), amountMinor: 5n, window: { kind: 'day', timeZone: 'Europe/Berlin' } }] as const;
  const controls = { limits, merchantCategories: { blocked: [], allowed: ['5812'] } };
  const closed = world.issueCard(account, 'Ads');
  world.command(account, { type: 'setCardControls', cardId: card, controls });
  world.command(account, { type: 'pauseCard', cardId: card });
  world.command(account, { type: 'closeCard', cardId: closed });
  const { programId } = world.accounts.get(account)?.opened ?? {};
  if (programId === undefined) throw new Error('not open');
  world.changeProgram({ type: 'ProgramPaused', data: { programId } });
  await world.written();
  await reading(directory, (queries) => {
    const facts = { accountId: account, programId, kind: 'virtual', bin: '476173', last4: '0119', expiry: '3112' };
    expect(queries.card(card)).toMatchObject({ ...facts, status: 'paused', controls });
    expect(queries.card(card)).not.toHaveProperty('label');
    expect(queries.card(closed)).toMatchObject({ ...facts, status: 'closed', label: 'Ads' });
    expect(queries.program(programId)).toMatchObject({
      name: 'Travel',
      status: 'paused',
      holdExpiry: usualHoldExpiry(7),
    });
    expect(queries.program('prog_unknown')).toBeUndefined();
  });
});

test('programs show their mark-up, their hold expiry and the rates that can still matter', async () => {
  const { directory, account, world } = await given();
  const { programId } = world.accounts.get(account)?.opened ?? {};
  if (programId === undefined) throw new Error('not open');
  const [EUR, USD, JPY] = [currency('EUR'), currency('USD'), currency('JPY')];
  const publish = (
    source: string,
    validFrom: string,
    rates: readonly (readonly [typeof EUR, typeof EUR, string])[],
  ) => {
    const data = { programId, source, validFrom, validUntil: '2120-01-01T00:00:00.000Z' };
    const published = rates.map(([base, quote, rate]) => ({ base, quote, rate }));
    world.changeProgram({ type: 'RatesPublished', data: { ...data, rates: published } });
    return published.map((rate) => ({ ...rate, source, validFrom, validUntil: data.validUntil }));
  };
  publish('first', '2019-01-01T00:00:00.000Z', [[USD, EUR, '0.9']]);
  const [usd, jpy] = publish('second', '2020-01-01T00:00:00.000Z', [
    [USD, EUR, '0.8'],
    [JPY, EUR, '0.0061'],
  ]);
  const [later] = publish('third', '2110-01-01T00:00:00.000Z', [[USD, EUR, '0.7']]);
  world.changeProgram({ type: 'MarkupSet', data: { programId, basisPoints: 150 } });
  const days = { lodging: 1, carRental: 2, cruise: 3, fuel: 4, other: 5 };
  world.changeProgram({ type: 'HoldExpirySet', data: { programId, days } });
  await world.written();
  await reading(directory, (queries) => {
    expect(queries.program(programId)).toMatchObject({ markupBasisPoints: 150, holdExpiry: days });
    expect(queries.rates(programId)).toEqual([
      { base: JPY, quote: EUR, rates: [jpy] },
      { base: USD, quote: EUR, rates: [later, usd] },
    ]);
    expect(queries.rates('prog_unknown')).toEqual([]);
  });
});

test('amounts beyond 2^53 lose no digit', async () => {
  const { directory, world, account } = await given();
  world.appendRaw(
    `account-${account.slice('acct_'.length)}`,
    'FundsDeposited',
    JSON.stringify({
      ...{ depositId: 'dep_1', amountMinor: '1', currency: 'EUR', entry: [] },
      balances: { availableMinor: '9223372036854775807', heldMinor: '0' },
    }),
  );
  await world.written();
  await reading(directory, (queries) => {
    expect(queries.account(account)?.balances.availableMinor).toBe(2n ** 63n - 1n);
  });
});
