// clearingRecords.test.ts: however often a file is cut off and sent again, or sent twice at once, it ends as one run of it.

import type { Answer, ClearingFileReport, DecidableMessage } from '@holdfast/domain';
import {
  accountStream,
  cardId,
  contentHashOfMessage,
  decode,
  identityOfRecord,
  unmatchedStream,
} from '@holdfast/events';
import { type MemoryLog, newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Applied, applyClearingRecords, type ClearingRecord } from './clearingRecords.ts';
import type { Engine } from './engine.ts';
import { EngineUnavailable, StreamQuarantined } from './errors.ts';
import { openEngine } from './runtime.ts';
import { memoryIndex } from './testing/memoryIndex.ts';
import * as given from './testing/program.ts';
import { settled, virtualClock } from './testing/virtualClock.ts';

const other = given.another('other');
const second = cardId('second');
const CARDS = [given.card, second, other.card, cardId('stranger')];
const PURCHASES = 4;

/** Of a record: which purchase it may belong to, by which card, for how much. */
type Drawn = {
  readonly type: ClearingRecord['message']['type'];
  readonly of: number;
  readonly card: number;
  readonly amount: number;
  readonly final: boolean;
  readonly arn: number;
};

const drawn: fc.Arbitrary<Drawn> = fc.record({
  type: fc.constantFrom('clearing', 'clearing', 'clearing_reversal', 'refund', 'refund_reversal'),
  of: fc.nat(PURCHASES),
  card: fc.nat(CARDS.length - 1),
  amount: fc.constantFrom(500, 1_000, 1_001, 2_000),
  final: fc.boolean(),
  arn: fc.nat(2),
});

function recordsOf(file: readonly Drawn[]): readonly ClearingRecord[] {
  return file.map(({ type, of, card, amount, final, arn }, at) => {
    const message = given.clearing(100 + at, of, BigInt(amount), {
      type,
      ...(type === 'clearing' ? { final } : {}),
      ...{ cardId: CARDS[card] ?? given.card, arn: `7400000000000000000000${arn}`, messageId: `r${at}` },
    }) as ClearingRecord['message'];
    const { commandId } = identityOfRecord('acquirer-7', 1, `r${at}`);
    return { line: at + 2, recordId: `r${at}`, message, commandId, contentHash: contentHashOfMessage(message) };
  });
}

/** HOLDFAST_CLEARING_RUNS for long runs. */
const RUNS = Number(process.env.HOLDFAST_CLEARING_RUNS ?? 150);

const clock = virtualClock();

/** As a process that was just started has it: nothing in memory. */
function open(log: MemoryLog, maxResidents = 1_000, authorizer?: string): Promise<Engine> {
  const shared = authorizer === undefined ? {} : { shared: { authorizer } };
  const options = { journal: openMemoryJournal(log), index: memoryIndex(), clock, maxResidents, snapshotEvery: 5 };
  return openEngine({ ...options, ...shared });
}

async function prepared(): Promise<MemoryLog> {
  const log = newMemoryLog();
  const engine = await open(log);
  await given.openProgram(engine, 500_00n, [given.card, second]);
  await other.open(engine);
  for (let of = 0; of < PURCHASES; of += 1) {
    const fields: Partial<DecidableMessage> = { cardId: CARDS[of % 3] ?? given.card };
    await given.send(engine, given.authorization(of, 10_00n, fields));
  }
  await engine.close();
  return log;
}

function apply(engine: Pick<Engine, 'submit' | 'accountOf'>, records: readonly ClearingRecord[]): Promise<Applied> {
  async function* inOrder() {
    yield* records;
  }
  return applyClearingRecords({ engine, records: inOrder(), clock, actor: 'key_test', correlationId: 'r-1' });
}

/** Lets `most` records through; the rest never reach it. */
function cutOff({ submit, accountOf }: Engine, most: number): Pick<Engine, 'submit' | 'accountOf'> {
  let submitted = 0;
  return {
    accountOf,
    submit: (submission) => {
      submitted += 1;
      return submitted > most ? Promise.reject(new EngineUnavailable('killed')) : submit(submission);
    },
  };
}

/** What the log has of each account and of the messages of unknown cards: types, commands and balances, in order. */
function written(log: MemoryLog): Readonly<Record<string, unknown>> {
  const streams = [given.account, other.account].map(accountStream);
  const shards = [...log.streams.keys()].filter((stream) => stream.startsWith('unmatched-')).sort();
  return Object.fromEntries(
    [...streams, ...shards].map((stream) => [
      stream,
      (log.streams.get(stream) ?? []).map((stored) => {
        const { type, data, metadata } = decode(stored);
        return [type, metadata.commandId, 'balances' in data ? data.balances : undefined];
      }),
    ]),
  );
}

async function oneRun(records: readonly ClearingRecord[]) {
  const log = await prepared();
  const engine = await open(log);
  const { report } = await apply(engine, records);
  await engine.close();
  return { report, log: written(log) };
}

describe('the records of a clearing file', () => {
  const plan = fc.record({
    file: fc.array(drawn, { minLength: 1, maxLength: 25 }),
    cuts: fc.array(fc.nat(25), { maxLength: 4 }),
    maxResidents: fc.constantFrom(2, 1_000),
    atOnce: fc.integer({ min: 1, max: 3 }),
    engines: fc.integer({ min: 1, max: 2 }),
  });

  test('end as one run of them, wherever that was cut off, and however often they come', {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ file, cuts, maxResidents, atOnce, engines: many }) => {
        const records = recordsOf(file);
        const expected = await oneRun(records);
        const log = await prepared();
        for (const cut of cuts) {
          // Its memory is lost with it.
          const engine = await open(log, maxResidents);
          await apply(cutOff(engine, cut), records).catch((error) => {
            expect(error).toBeInstanceOf(EngineUnavailable);
          });
          await engine.close();
        }
        const names = many === 1 ? [undefined] : ['one', 'two'];
        const engines = await Promise.all(names.map((name) => open(log, maxResidents, name)));
        const runs = engines.flatMap((engine) => Array.from({ length: atOnce }, () => apply(engine, records)));
        const reports: ClearingFileReport[] = (await Promise.all(runs)).map(({ report }) => report);
        for (const engine of engines) await engine.close();
        for (const report of reports) expect(report).toEqual(expected.report);
        expect(written(log)).toEqual(expected.log);
      }),
      { numRuns: RUNS },
    );
  });

  test('of one account follow each other, each after the answer to the one before', async () => {
    const file = Array.from({ length: 20 }, (_, at) => ({
      ...{ type: 'clearing' as const, of: 0, amount: 500, final: false, arn: 0 },
      card: at % CARDS.length,
    }));
    const underWay = new Map<string, number>();
    let most = 0;
    const engine = await open(await prepared());
    const laneOf = new Map([given.card, second].map((card) => [card, 'one account']));
    await apply(
      {
        accountOf: engine.accountOf,
        submit: async (submission) => {
          const lane = laneOf.get(submission.message.cardId) ?? submission.message.cardId;
          const now = (underWay.get(lane) ?? 0) + 1;
          underWay.set(lane, now);
          expect(now).toBe(1);
          most = Math.max(
            most,
            [...underWay.values()].reduce((sum, each) => sum + each, 0),
          );
          await settled();
          const answered = await engine.submit(submission);
          underWay.set(lane, now - 1);
          return answered;
        },
      },
      recordsOf(file),
    );
    expect(most).toBeGreaterThan(1);
    await engine.close();
  });

  test('of an account that is set aside are counted, and the others applied', async () => {
    const engine = await open(await prepared());
    const file = [0, 2, 0, 2].map((card) => ({
      ...{ type: 'clearing' as const, of: 0, card, amount: 500, final: false, arn: 0 },
    }));
    const applied = await apply(
      {
        accountOf: engine.accountOf,
        submit: (submission) =>
          submission.message.cardId === other.card
            ? Promise.reject(new StreamQuarantined(accountStream(other.account)))
            : engine.submit(submission),
      },
      recordsOf(file),
    );
    expect(applied).toMatchObject({ unapplied: 2, report: { outcomes: { matched: 1, duplicate: 1 } } });
    await engine.close();
  });

  test('that got no answer in time are not part of a report', async () => {
    const engine = await open(await prepared());
    const late: Partial<Answer> = { decision: 'declined', responseCode: '91', reason: 'answered_late' };
    const records = recordsOf([{ type: 'clearing', of: 0, card: 0, amount: 500, final: true, arn: 0 }]);
    const answering = apply(
      {
        accountOf: engine.accountOf,
        submit: async (submission) => {
          const { answer, position } = await engine.submit(submission);
          return { answer: { ...answer, ...late }, position };
        },
      },
      records,
    );
    await expect(answering).rejects.toBeInstanceOf(EngineUnavailable);
    await engine.close();
  });

  test('of a card that is issued in between keep the answers that they had', async () => {
    const records = recordsOf([{ type: 'clearing', of: 9, card: 3, amount: 500, final: true, arn: 0 }]);
    const log = await prepared();
    const engine = await open(log);
    const { report } = await apply(engine, records);
    await given.issue(engine, cardId('stranger'));
    expect((await apply(engine, records)).report).toEqual(report);
    expect(log.streams.get(unmatchedStream(records[0]?.commandId ?? ('' as never)))).toHaveLength(1);
    await engine.close();
  });
});
