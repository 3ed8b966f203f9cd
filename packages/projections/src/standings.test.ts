import {
  type Account,
  type AccountEvent,
  type AccountId,
  evolveAccount,
  newAccount,
  type Recorded,
} from '@holdfast/domain';
import { accountIdOfStream, decode, STREAM_PREFIXES } from '@holdfast/events';
import { expect, onTestFinished, test } from 'vitest';
import { newWorld, projectAll } from '../test/readModels.ts';
import { startTraffic } from '../test/traffic.ts';
import { openQueries } from './index.ts';

function has({ balances, creditLineMinor, transactions }: Account) {
  let pendingCreditMinor = 0n;
  for (const { accountTotals } of transactions.values()) pendingCreditMinor += accountTotals.pendingCreditMinor;
  return { balances, creditLineMinor, pendingCreditMinor };
}

test('what an account had at any position, and at any moment, is what the replay to there gives', async () => {
  const world = await newWorld();
  await startTraffic(world, 3, 11).run(800);
  await projectAll(world.directory);
  const queries = openQueries({ directory: world.directory });
  onTestFinished(() => queries.close());

  const accounts = new Map<AccountId, Account>();
  /** Of the last event of each moment: what happened later in the same millisecond counts too. */
  const moments = new Map<
    string,
    { readonly id: AccountId; readonly at: number; readonly had: ReturnType<typeof has> }
  >();
  let pending = 0;
  for await (const { events } of world.journal.readAll({ filter: { streamPrefixes: [STREAM_PREFIXES.account] } })) {
    for (const stored of events) {
      const id = accountIdOfStream(stored.stream);
      if (id === undefined) throw new Error(stored.stream);
      const account = accounts.get(id) ?? newAccount();
      evolveAccount(account, decode(stored) as Recorded<AccountEvent>);
      accounts.set(id, account);
      const had = has(account);
      expect(queries.standing(id, { position: stored.position })).toMatchObject(had);
      moments.set(`${id} ${account.lastOccurredAt}`, { id, at: account.lastOccurredAt, had });
      if (had.pendingCreditMinor > 0n) pending += 1;
    }
  }
  for (const { id, at, had } of moments.values()) {
    expect(queries.standing(id, { instant: at })).toMatchObject(had);
  }
  expect(moments.size).toBeGreaterThan(100);
  expect(pending).toBeGreaterThan(10);
});

test('an account had nothing before it was opened, and has what it has beyond the end of the log', async () => {
  const world = await newWorld();
  const program = world.createProgram('Travel');
  const other = world.openAccount(program, 'EUR');
  const before = await world.written();
  world.pass(1_000);
  const opened = world.now();
  const account = world.openAccount(program, 'EUR');
  world.deposit(account, 5_000n);
  await world.written();
  await projectAll(world.directory);
  const queries = openQueries({ directory: world.directory });
  onTestFinished(() => queries.close());

  expect(queries.standing(account, { position: before })).toBeUndefined();
  expect(queries.standing(account, { instant: opened - 1 })).toBeUndefined();
  expect(queries.standing(account, { position: 2n ** 53n })?.balances.availableMinor).toBe(5_000n);
  expect(queries.standing(account, { instant: opened + 1e9 })?.balances.availableMinor).toBe(5_000n);
  expect(queries.standing(other, { position: before })?.balances.availableMinor).toBe(0n);
  expect(queries.standing('acct_unknown', { position: before })).toBeUndefined();
});
