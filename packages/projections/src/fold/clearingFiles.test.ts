import type { ClearingFileEvent, ClearingFileFacts, ClearingFileReport } from '@holdfast/domain';
import { clearingFileId, clearingFileStream, commandIdOf, encode, eventId } from '@holdfast/events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newWorld, project, projectAll } from '../../test/readModels.ts';
import { currency } from '../../test/world.ts';
import { openQueries, type Queries } from '../index.ts';

const EUR = currency('EUR');
const outcome = {
  outcomes: { duplicate: 0, unmatched: 1, suspended: 0, over: 0, under: 0, matched: 2 },
  currencies: [
    {
      ...{ currency: EUR, fileMinor: 6_000n, postedMinor: 5_000n, convertedMinor: 0n },
      ...{ suspendedMinor: 1_000n, differenceMinor: 2n ** 60n },
    },
  ],
  charged: [{ currency: EUR, postedMinor: -5_000n }],
} as const;
const report: ClearingFileReport = { ...outcome, listed: [], unlisted: 0 };

function factsOf(sender: string, sequence: number): ClearingFileFacts {
  return {
    ...{ clearingFileId: clearingFileId(sender, sequence), sender, sequence, businessDate: '2026-03-02' },
    ...{ sha256: 'a'.repeat(64), records: 3 },
    sums: [{ type: 'clearing', currency: EUR, records: 3, amountMinor: 6_000n }],
  };
}

async function given() {
  const world = await newWorld();
  const revisions = new Map<string, number>();

  async function write(event: ClearingFileEvent): Promise<void> {
    world.pass(1_000);
    const stream = clearingFileStream(event.data.clearingFileId);
    const before = revisions.get(stream) ?? -1;
    const commandId = commandIdOf(stream, String(before));
    const encoded = encode(event, { occurredAt: world.now(), commandId, correlationId: 'test', actor: 'test' });
    const id = eventId(stream, commandId, 0, encoded.type, encoded.data, encoded.metadata);
    await world.journal.append(stream, before < 0 ? 'no_stream' : before, [{ id, ...encoded }]);
    revisions.set(stream, before + 1);
  }

  async function read(): Promise<Queries> {
    await projectAll(world.directory);
    const queries = openQueries({ directory: world.directory });
    onTestFinished(() => queries.close());
    return queries;
  }
  const receive = (facts: ClearingFileFacts) => write({ type: 'ClearingFileReceived', data: facts });
  const apply = ({ clearingFileId }: ClearingFileFacts) =>
    write({ type: 'ClearingFileApplied', data: { clearingFileId, report } });
  return { world, write, receive, apply, read };
}

describe('a clearing file', () => {
  test('is received, then applied, with what became of its records', async () => {
    const { world, write, receive, apply, read } = await given();
    const facts = factsOf('visa-base2', 17);
    const { clearingFileId: id, ...said } = facts;
    await receive(facts);
    const receivedAt = world.now();
    const queries = await read();
    expect(queries.clearingFiles({}, { limit: 9 }).data).toEqual([
      { id, ...said, status: 'received', refusals: 0, receivedAt },
    ]);
    await write({ type: 'ClearingFileRefused', data: { ...facts, sha256: 'b'.repeat(64) } });
    await apply(facts);
    await projectAll(world.directory);
    expect(queries.clearingFiles({}, { limit: 9 }).data).toEqual([
      { id, ...said, status: 'applied', outcome, refusals: 1, receivedAt, appliedAt: world.now() },
    ]);
  });

  test.each<[string, 'ClearingFileApplied' | 'ClearingFileRefused']>([
    ['applied', 'ClearingFileApplied'],
    ['refused', 'ClearingFileRefused'],
  ])('that was never received and is %s stops the projections', async (_, type) => {
    const { world, write } = await given();
    const facts = factsOf('visa-base2', 1);
    const { clearingFileId } = facts;
    await write(type === 'ClearingFileApplied' ? { type, data: { clearingFileId, report } } : { type, data: facts });
    const { failed } = await project(world.directory);
    await expect(failed).rejects.toThrow(/is not there/);
  });
});

test('clearing files are listed by sender and status, newest first, page by page', async () => {
  const { receive, apply, read } = await given();
  for (const sequence of [1, 2, 3]) {
    for (const sender of ['a', 'b']) {
      await receive(factsOf(sender, sequence));
      if (sequence < 3) await apply(factsOf(sender, sequence));
    }
  }
  const queries = await read();
  const found = (filter: Parameters<Queries['clearingFiles']>[0], cursor?: string) => {
    const options = { limit: 4, ...(cursor === undefined ? {} : { cursor }) };
    const { data, nextCursor } = queries.clearingFiles(filter, options);
    return { files: data.map(({ sender, sequence }) => `${sender}${sequence}`), nextCursor };
  };
  const first = found({});
  expect(first.files).toEqual(['b3', 'a3', 'b2', 'a2']);
  expect(found({}, first.nextCursor)).toEqual({ files: ['b1', 'a1'], nextCursor: undefined });
  expect(found({ sender: 'a' }).files).toEqual(['a3', 'a2', 'a1']);
  expect(found({ status: 'received' }).files).toEqual(['b3', 'a3']);
  expect(found({ sender: 'b', status: 'applied' }).files).toEqual(['b2', 'b1']);
  expect(found({ sender: 'c' }).files).toEqual([]);
});
