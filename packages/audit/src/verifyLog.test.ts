import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type {
  AuthorizationMessage,
  ClearingMessage,
  Conversion,
  DecidableMessage,
  ReversalMessage,
} from '@holdfast/domain';
import { cardId, limitId, programStream, transactionId } from '@holdfast/events';
import { openSqliteJournal } from '@holdfast/journal';
import { currencyOf } from '@holdfast/money';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EUR, type LogWriter, logWriter, openTestAccount, START, type TestAccount } from './testLog.ts';
import { verifyLog } from './verifyLog.ts';

let directory: string;
let journal: Awaited<ReturnType<typeof openSqliteJournal>>;
let log: LogWriter;
let one: TestAccount;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-audit-'));
  journal = await openSqliteJournal({ directory });
  log = logWriter(journal);
  one = await openTestAccount(log);
});

afterEach(async () => {
  await journal.close();
  await rm(directory, { recursive: true });
});

const [PAST, FUTURE] = ['2020-01-01T00:00:00.000Z', '2120-01-01T00:00:00.000Z'];
const merchant = { id: 'M1', name: 'ACME', mcc: '5812', country: 'DE' };

function authorization(amountMinor: bigint, stan: string): AuthorizationMessage {
  return { ...base(stan), type: 'authorization', amountMinor, merchant };
}
function clearing(amountMinor: bigint, stan: string, original: string): ClearingMessage {
  return { ...base(stan), type: 'clearing', amountMinor, merchant, original: originalOf(original) };
}
function reversal(stan: string, original: string, amountMinor?: bigint): ReversalMessage {
  const amount = amountMinor === undefined ? {} : { amountMinor };
  return { ...base(stan), type: 'reversal', ...amount, original: originalOf(original) };
}
function base(stan: string) {
  const transmittedAt = '2026-03-01T12:00:00.000Z';
  return {
    cardId: one.cardId,
    network: 'visa',
    currency: EUR,
    acquirerId: '400123',
    terminalId: 'T1',
    stan,
    transmittedAt,
  };
}
function originalOf(stan: string) {
  return { type: 'authorization', stan, transmittedAt: '2026-03-01T12:00:00.000Z', acquirerId: '400123' } as const;
}

async function life(): Promise<void> {
  const messages: DecidableMessage[] = [
    authorization(40_00n, '1'),
    authorization(5_000_00n, '2'),
    authorization(30_00n, '3'),
    reversal('4', '3', 10_00n),
    reversal('5', '3'),
    clearing(25_00n, '6', '1'),
    clearing(9_00n, '7', '2'),
    reversal('8', 'unknown'),
  ];
  for (const message of messages) await one.send(message);
}

describe('a true log', () => {
  test('is clean, and its contents are counted', async () => {
    await life();
    const pages: bigint[] = [];
    const report = await verifyLog(journal, { onProgress: ({ position }) => pages.push(position) });
    expect(report).toMatchObject({
      problems: [],
      problemCount: 0,
      events: 13,
      streams: 3,
      programs: 1,
      accounts: 1,
      cards: 1,
      transactions: 3,
      entries: 7,
      position: 13n,
    });
    expect(pages.at(-1)).toBe(13n);
    expect(await verifyLog(journal, { transactionsInMemory: 1 })).toEqual(report);
    expect(report.eventsByType).toMatchObject({ AuthorizationApproved: 2, AuthorizationDeclined: 1 });
  });

  test('is clean when limits count transactions, whether they are in memory or put aside', async () => {
    const window = { kind: 'day', timeZone: 'Asia/Kathmandu' } as const;
    const limits = [{ id: limitId('day'), amountMinor: 900_00n, window }];
    const controls = { limits, merchantCategories: { blocked: [], allowed: [] } };
    await one.manage({ type: 'setCardControls', cardId: one.cardId, controls });
    await one.manage({ type: 'setAccountControls', accountId: one.accountId, controls });
    await life();
    const report = await verifyLog(journal);
    expect(report.problems).toEqual([]);
    expect(await verifyLog(journal, { transactionsInMemory: 1 })).toEqual(report);
  });

  test('is clean when the account was overdrawn and recovered: that is no second effect', async () => {
    await one.send(authorization(40_00n, '1'));
    await one.send(clearing(1_500_00n, '2', '1'));
    await one.manage({ type: 'setCreditLine', accountId: one.accountId, creditLineMinor: 500_00n });
    const report = await verifyLog(journal);
    expect(report.problems).toEqual([]);
    expect(report.eventsByType).toMatchObject({ AccountOverdrawn: 1, AccountRecovered: 1 });
  });

  test('has a trial balance of zero, line by line', async () => {
    await life();
    const { trialBalance } = await verifyLog(journal);
    const balances = trialBalance.map(({ currency, offMinor, lines }) => ({
      currency,
      offMinor,
      lines: Object.fromEntries(lines.map(({ account, balanceMinor }) => [account, balanceMinor])),
    }));
    expect(balances).toEqual([
      {
        currency: 'EUR',
        offMinor: 0n,
        lines: { available: -966_00n, held: 0n, bank: 1000_00n, 'settlement:visa': -34_00n },
      },
    ]);
  });

  test('is clean when it is empty', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'holdfast-audit-'));
    const other = await openSqliteJournal({ directory: empty });
    expect(await verifyLog(other)).toMatchObject({ events: 0, problemCount: 0, trialBalance: [] });
    await other.close();
    await rm(empty, { recursive: true });
  });

  test('keeps the limits that its decisions saw', async () => {
    const controls = {
      limits: [
        {
          id: limitId('daily'),
          amountMinor: 50_00n,
          window: { kind: 'day', timeZone: 'Europe/Berlin' },
        },
      ],
      merchantCategories: { blocked: ['7995'], allowed: [] },
    } as const;
    await one.write(
      [
        {
          type: 'CardControlsSet',
          data: { cardId: one.cardId, controls: controls },
        },
      ],
      log.command(),
      log.tick(),
    );
    await one.send(authorization(40_00n, '1'));
    await one.send(authorization(40_00n, '2'));
    await one.send({ ...authorization(1_00n, '3'), merchant: { ...merchant, mcc: '7995' } });
    const report = await verifyLog(journal);
    expect(report.problems).toEqual([]);
    expect(report.eventsByType).toMatchObject({ AuthorizationApproved: 1, AuthorizationDeclined: 2 });
  });
});

describe('decisions in another currency', () => {
  const USD = currencyOf('USD').code;
  const rates = (rate: string) =>
    ({
      type: 'RatesPublished',
      data: {
        ...{ programId: one.programId, source: 'test', validFrom: PAST, validUntil: FUTURE },
        rates: [{ base: USD, quote: EUR, rate }],
      },
    }) as const;
  const inUsd = (stan: string) => ({ ...authorization(40_00n, stan), currency: USD });

  test('come to the same amounts, by the rates and the mark-up of their moment', async () => {
    await one.send(inUsd('1')); // no rate
    await one.change(rates('0.9'));
    await one.send(inUsd('2'));
    await one.change(rates('0.8'));
    await one.change({ type: 'MarkupSet', data: { programId: one.programId, basisPoints: 150 } });
    await one.send(inUsd('3'));
    await one.send({ ...authorization(20_000_00n, '4'), currency: USD, partialApproval: true });
    const report = await verifyLog(journal);
    expect(report.problems).toEqual([]);
    expect(report.eventsByType).toMatchObject({ AuthorizationApproved: 3, AuthorizationDeclined: 1 });
  });

  test.each<[string, (conversion: Conversion) => object]>([
    ['by another rate', (conversion) => ({ conversion: { ...conversion, rate: '0.8' } })],
    ['from another source', (conversion) => ({ conversion: { ...conversion, source: 'elsewhere' } })],
    ['of another sum', () => ({ requestedAccountMinor: 36_01n })],
  ])('%s are found', async (_, lie) => {
    await one.change(rates('0.9'));
    const [event] = await one.send({ ...authorization(20_000_00n, '1'), currency: USD });
    if (event?.type !== 'AuthorizationDeclined' || event.data.conversion === undefined) throw new Error('not declined');
    const data = { ...event.data, transactionId: transactionId('another'), ...lie(event.data.conversion) };
    await log.write(one.stream, [{ ...event, data }], { command: log.command(), at: log.tick() });
    const problems = (await verifyLog(journal)).problems.filter(({ kind }) => kind === 'other_decision');
    expect(problems.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/by the rates of then: .* USD\/EUR 0\.9/),
    );
  });
});

describe('a log that lies', () => {
  type Case = readonly [what: string, kind: string, lie: () => Promise<unknown>];
  const approve = async () => {
    const [event] = await one.send(authorization(40_00n, '1'));
    if (event?.type !== 'AuthorizationApproved') throw new Error('not approved');
    return event;
  };
  const again = async (change: (event: Awaited<ReturnType<typeof approve>>['data']) => object) => {
    const event = await approve();
    const data = { ...event.data, ...change(event.data) };
    await log.write(one.stream, [{ ...event, data }], { command: log.command(), at: log.tick() });
  };
  const sql = (statement: string) => {
    using db = new DatabaseSync(join(directory, 'log.db'));
    // The log refuses changes itself; somebody who wants to can take that away first.
    for (const { name } of db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()) {
      db.exec(`DROP TRIGGER ${name}`);
    }
    db.exec(statement);
  };

  const cases: readonly Case[] = [
    [
      'an entry that does not sum to zero',
      'unbalanced_entry',
      () => again(({ entry }) => ({ entry: entry.slice(0, 1) })),
    ],
    ['balances that are not what the entries say', 'broken_invariant', () => again(() => ({}))],
    [
      'an approval that overdraws',
      'overspent',
      () =>
        again(({ message }) => ({
          transactionId: transactionId('another'),
          message: { ...message, amountMinor: 5_000_00n },
          approvedMinor: 5_000_00n,
          approvedAccountMinor: 5_000_00n,
          requestedAccountMinor: 5_000_00n,
          heldMinor: 5_000_00n,
          entry: [
            { account: 'available', currency: EUR, debitMinor: 5_000_00n },
            { account: 'held', currency: EUR, creditMinor: 5_000_00n },
          ],
          balances: { availableMinor: -4_040_00n, heldMinor: 5_040_00n },
        })),
    ],
    [
      'a hold that is not what the transaction holds',
      'wrong_hold',
      () =>
        again(() => ({
          transactionId: transactionId('another'),
          heldMinor: 39_99n,
          balances: { availableMinor: 920_00n, heldMinor: 80_00n },
        })),
    ],
    [
      'an approval of a paused card',
      'other_decision',
      async () => {
        const event = await approve();
        await one.manage({ type: 'pauseCard', cardId: one.cardId });

        const balances = { availableMinor: 920_00n, heldMinor: 80_00n };
        const data = { ...event.data, transactionId: transactionId('another'), balances };
        await log.write(one.stream, [{ ...event, data }], { command: log.command(), at: log.tick() });
      },
    ],
    [
      'a decline without a reason that holds',
      'other_decision',
      async () => {
        const [event] = await one.send(authorization(5_000_00n, '1'));
        if (event?.type !== 'AuthorizationDeclined') throw new Error('not declined');
        const data = { ...event.data, reason: 'card_paused', reasons: ['card_paused'] } as const;
        await log.write(one.stream, [{ ...event, data }], { command: log.command(), at: log.tick() });
      },
    ],
    [
      'time that runs back',
      'time_ran_back',
      () => log.write(one.stream, [paused()], { command: log.command(), at: START }),
    ],
    [
      'a command with two effects',
      'command_twice',
      async () => {
        const command = log.command();
        await log.write(one.stream, [paused()], { command, at: log.tick() });
        await log.write(one.stream, [resumed()], { command: log.command(), at: log.tick() });
        await log.write(one.stream, [resumed()], { command, at: log.tick() });
      },
    ],
    [
      'a command with two effects, one right after the other',
      'command_twice',
      async () => {
        const command = log.command();
        await log.write(one.stream, [paused()], { command, at: log.tick() });
        await log.write(one.stream, [resumed()], { command, at: log.tick() });
      },
    ],
    ['a card that claimed no number', 'unclaimed_card', () => one.manage(secondCard())],
    [
      'an event in a stream of another kind',
      'misplaced_event',
      () =>
        one
          .write([paused()], log.command(), log.tick())
          .then(() => log.write(programStream(one.programId), [paused()], { command: log.command(), at: log.tick() })),
    ],
    [
      'a stream that nobody writes',
      'unknown_stream',
      () => log.write('things-1', [paused()], { command: log.command(), at: log.tick() }),
    ],
    [
      'a type that is unknown',
      'undecodable_event',
      () => log.append(one.stream, [{ id: ID, type: 'Unheard', data: '{}', metadata: '{}' }]),
    ],
    ['data that is not JSON', 'undecodable_event', async () => sql(`UPDATE events SET data = 'x' WHERE position = 2`)],
    [
      'an altered amount',
      'wrong_event_id',
      async () => sql(`UPDATE events SET data = replace(data, '"name":"one"', '"name":"two"') WHERE position = 2`),
    ],
    [
      'a field too many',
      'invalid_event',
      async () =>
        sql(`UPDATE events SET data = replace(data, '{"accountId"', '{"extra":1,"accountId"') WHERE position = 2`),
    ],
    ['an event that was taken out', 'log_unreadable', async () => sql('DELETE FROM events WHERE position = 3')],
    [
      'an event that was moved on in its stream',
      'revision_gap',
      async () => sql('UPDATE events SET revision = revision + 1 WHERE position = 5'),
    ],
  ];

  const paused = () => ({ type: 'CardPaused', data: { cardId: one.cardId } }) as const;
  const resumed = () => ({ type: 'CardResumed', data: { cardId: one.cardId } }) as const;
  const ID = '00000000-0000-8000-8000-000000000000';
  const secondCard = () =>
    ({
      type: 'issueCard',
      accountId: one.accountId,
      cardId: cardId('unclaimed'),
      bin: '999999',
      last4: '0001',
      expiry: '3012',
      fingerprintKeyId: 'test',
      carried: [],
    }) as const;

  test.each(cases)('by %s is found: %s', async (_, kind, lie) => {
    await lie();
    const report = await verifyLog(journal);
    expect(await verifyLog(journal, { transactionsInMemory: 1 })).toEqual(report);
    expect(report.problemsByKind).toHaveProperty(kind);
    const problem = report.problems.find((each) => each.kind === kind);
    expect(problem?.what).toMatch(/\w/);
  });

  test('has its problems counted beyond those that are shown', async () => {
    for (let n = 0; n < 30; n += 1) {
      await log.append('program-unknown', [{ id: ID, type: 'Unheard', data: '{}', metadata: '{}' }]);
    }
    const report = await verifyLog(journal, { shownProblems: 7 });
    expect(report.problems).toHaveLength(7);
    expect(report.problemsByKind.undecodable_event).toBe(30);
  });
});
