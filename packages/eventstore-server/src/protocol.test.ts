// The protocol as the unmodified client sees it. Every test runs on this server and, unchanged, on the real one that
// HOLDFAST_TEST_EVENTSTORE names.

import { randomUUID } from 'node:crypto';
import {
  type AllStreamSubscription,
  BACKWARDS,
  DeadlineExceededError,
  END,
  EventStoreDBClient,
  eventTypeFilter,
  FORWARDS,
  jsonEvent,
  MaxAppendSizeExceededError,
  START,
  StreamNotFoundError,
  type StreamSubscription,
  streamNameFilter,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { openMemoryJournal } from '@holdfast/journal/memory';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEventStoreServer } from './server.ts';

const real = process.env.HOLDFAST_TEST_EVENTSTORE;
const targets: readonly (readonly [string, () => Promise<{ connectionString: string; close(): Promise<void> }>])[] = [
  ['the development server', startOurs],
  ...(real === undefined
    ? []
    : [['the real server', async () => ({ connectionString: real, close: async () => {} })] as const]),
];

async function startOurs() {
  const journal = openMemoryJournal();
  const server = await startEventStoreServer({ journal });
  return {
    connectionString: server.connectionString,
    close: async () => {
      await server.close();
      await journal.close();
    },
  };
}

const newCategory = (): string => `p${randomUUID().replaceAll('-', '')}`;
const made = (count: number, type = 'Tested', size = 0) =>
  Array.from({ length: count }, (_, n) => jsonEvent({ type, data: { n, filler: 'x'.repeat(size) }, id: randomUUID() }));

/** What a subscription says, in order, as words. */
function listen(subscription: StreamSubscription | AllStreamSubscription) {
  const heard: string[] = [];
  let wake = (): void => {};
  const hear = (word: string): void => {
    heard.push(word);
    wake();
  };
  subscription.on('confirmation', () => hear('confirmation'));
  subscription.on('caughtUp', () => hear('caughtUp'));
  subscription.on('data', ({ event }: { event?: { revision: bigint; streamId: string } }) => {
    hear(`event ${event?.revision}`);
  });
  subscription.on('error', (error) => hear(`error ${error.message}`));
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      wake = () => condition() && resolve();
      wake();
    });
  return { heard, hear, until };
}

describe.each(targets)('%s', (_, start) => {
  let client: EventStoreDBClient;
  let connectionString: string;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const target = await start();
    connectionString = target.connectionString;
    client = EventStoreDBClient.connectionString(connectionString);
    close = target.close;
  });
  afterAll(async () => {
    await client.dispose();
    await close();
  });

  const revisions = async (reading: AsyncIterable<{ event?: { revision: bigint } }>): Promise<number[]> =>
    (await Array.fromAsync(reading)).map(({ event }) => Number(event?.revision));
  const append = (stream: string, count: number, expectedRevision: bigint | 'no_stream' = 'no_stream') =>
    client.appendToStream(stream, made(count), { expectedRevision });

  describe('an append', () => {
    test('answers the revision and the position of its last event, commit and prepare alike', async () => {
      const stream = `${newCategory()}-1`;
      const answer = await append(stream, 3);
      expect(answer).toMatchObject({ success: true, nextExpectedRevision: 2n });
      expect(answer.position?.commit).toBe(answer.position?.prepare);
      const [last] = await Array.fromAsync(
        client.readStream(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 }),
      );
      expect(last?.event?.position).toEqual(answer.position);
    });

    test('repeated, answers its own end and keeps the payload first written', async () => {
      const stream = `${newCategory()}-1`;
      const events = made(2);
      const first = await client.appendToStream(stream, events, { expectedRevision: 'no_stream' });
      await append(stream, 1, 1n);
      const changed = events.map((event) => ({ ...event, data: { n: 99, filler: '' } }));
      expect(await client.appendToStream(stream, changed, { expectedRevision: 'no_stream' })).toEqual(first);
      const [stored] = await Array.fromAsync(client.readStream(stream));
      expect(stored?.event?.data).toMatchObject({ n: 0 });
    });

    test.each<readonly [string, number, bigint | 'no_stream', bigint | 'no_stream']>([
      // title,                         events there, expected, actual
      ['of a revision beyond the head', 2, 5n, 1n],
      ['behind an old revision', 3, 1n, 2n],
      ['to a stream that exists, as if it did not', 1, 'no_stream', 0n],
      ['at a revision of a stream that does not exist', 0, 3n, 'no_stream'],
    ])('%s is refused with both revisions', async (_, there, expectedRevision, actual) => {
      const stream = `${newCategory()}-1`;
      if (there > 0) await append(stream, there);
      const refusal = await append(stream, 1, expectedRevision).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(WrongExpectedVersionError);
      expect(refusal).toMatchObject({ streamName: stream, expectedVersion: expectedRevision, actualVersion: actual });
    });

    test('too large is refused, and the next one is taken', async () => {
      const stream = `${newCategory()}-1`;
      const large = client.appendToStream(stream, made(24, 'Large', 50_000), { expectedRevision: 'no_stream' });
      await expect(large).rejects.toBeInstanceOf(MaxAppendSizeExceededError);
      expect(await append(stream, 1)).toMatchObject({ nextExpectedRevision: 0n });
    });

    test('sent in several parts is written as a whole', async () => {
      const stream = `${newCategory()}-1`;
      await client.appendToStream(stream, made(40, 'Part', 2_000), {
        expectedRevision: 'no_stream',
        batchAppendSize: 10_000,
      });
      expect(await revisions(client.readStream(stream))).toEqual(Array.from({ length: 40 }, (_, i) => i));
    });

    test('whose deadline has passed when it comes is answered as timed out, and not written', async () => {
      const stream = `${newCategory()}-1`;
      const late = client.appendToStream(stream, made(1), { expectedRevision: 'no_stream', deadline: -60_000 });
      await expect(late).rejects.toBeInstanceOf(DeadlineExceededError);
      expect(await append(stream, 1)).toMatchObject({ nextExpectedRevision: 0n });
    });
  });

  describe('reading a stream', () => {
    const stream = `${newCategory()}-1`;
    beforeAll(() => append(stream, 5));

    test.each<readonly [string, Parameters<EventStoreDBClient['readStream']>[1], number[]]>([
      ['forwards is inclusive', { direction: FORWARDS, fromRevision: 2n }, [2, 3, 4]],
      ['backwards is inclusive', { direction: BACKWARDS, fromRevision: 2n }, [2, 1, 0]],
      ['forwards past the end is empty', { direction: FORWARDS, fromRevision: 9n }, []],
      [
        'backwards past the end begins with the newest',
        { direction: BACKWARDS, fromRevision: 9n, maxCount: 2 },
        [4, 3],
      ],
      ['backwards from the end is newest first', { direction: BACKWARDS, fromRevision: END }, [4, 3, 2, 1, 0]],
      ['backwards from the start is the first', { direction: BACKWARDS, fromRevision: START }, [0]],
      ['so many of it', { direction: FORWARDS, fromRevision: START, maxCount: 2 }, [0, 1]],
    ])('%s', async (_, options, expected) => {
      expect(await revisions(client.readStream(stream, options))).toEqual(expected);
    });

    test('forwards from the end is an error', async () => {
      const reading = revisions(client.readStream(stream, { direction: FORWARDS, fromRevision: END }));
      await expect(reading).rejects.toThrow('Unexpected ReadStreamResult: Error');
    });

    test('that does not exist is an error', async () => {
      await expect(revisions(client.readStream(`${newCategory()}-1`))).rejects.toBeInstanceOf(StreamNotFoundError);
    });

    test('gives what was written, and no metadata where none was', async () => {
      const other = `${newCategory()}-1`;
      const events = [
        jsonEvent({ type: 'Plain', data: { text: 'é€😀' } }),
        jsonEvent({ type: 'Tagged', data: { n: 1 }, metadata: { by: 'x' } }),
      ];
      await client.appendToStream(other, events, { expectedRevision: 'no_stream' });
      const stored = (await Array.fromAsync(client.readStream(other))).map(({ event }) => event);
      expect(stored).toMatchObject(
        events.map(({ id, type, data }) => ({ id, type, data, streamId: other, isJson: true })),
      );
      expect(stored.map((event) => event?.metadata)).toEqual([undefined, { by: 'x' }]);
    });
  });

  describe('reading the whole log', () => {
    const stream = `${newCategory()}-1`;
    let positions: bigint[] = [];
    beforeAll(async () => {
      await append(stream, 3);
      positions = (await Array.fromAsync(client.readStream(stream))).map(({ event }) => event?.position?.commit ?? 0n);
    });
    const at = (n: number) => ({ commit: positions[n] ?? 0n, prepare: positions[n] ?? 0n });
    const ours = async (options: Parameters<EventStoreDBClient['readAll']>[0]): Promise<number[]> =>
      (await Array.fromAsync(client.readAll({ ...options, maxCount: 50 })))
        .filter(({ event }) => event?.streamId === stream)
        .map(({ event }) => Number(event?.revision));

    test('positions rise', () => {
      expect(positions.every((position, i) => i === 0 || position > (positions[i - 1] ?? 0n))).toBe(true);
    });
    test('forwards is inclusive of the event at the position', async () => {
      expect(await ours({ direction: FORWARDS, fromPosition: at(1) })).toEqual([1, 2]);
    });
    test('backwards excludes the event at the position', async () => {
      expect(await ours({ direction: BACKWARDS, fromPosition: at(1) })).toEqual([0]);
    });
    test('forwards from the end is empty', async () => {
      expect(await Array.fromAsync(client.readAll({ direction: FORWARDS, fromPosition: END }))).toEqual([]);
    });
    test('backwards from the end begins with the newest', async () => {
      expect((await ours({ direction: BACKWARDS, fromPosition: END })).slice(0, 3)).toEqual([2, 1, 0]);
    });
    test('forwards from beyond the head is empty', async () => {
      const beyond = { commit: (positions[2] ?? 0n) + 1_000_000n, prepare: (positions[2] ?? 0n) + 1_000_000n };
      expect(await ours({ direction: FORWARDS, fromPosition: beyond })).toEqual([]);
    });
    test('from a position whose commit comes before its prepare, is an error', async () => {
      const impossible = { commit: positions[0] ?? 0n, prepare: positions[1] ?? 0n };
      await expect(ours({ direction: FORWARDS, fromPosition: impossible })).rejects.toBeInstanceOf(UnknownError);
    });
  });

  describe('a subscription to a stream', () => {
    test('confirms, gives what is strictly after its start, says that it caught up, then gives what comes', async () => {
      const stream = `${newCategory()}-1`;
      await append(stream, 4);
      const subscription = client.subscribeToStream(stream, { fromRevision: 1n });
      const { heard, until } = listen(subscription);
      await until(() => heard.includes('caughtUp'));
      await append(stream, 1, 3n);
      await until(() => heard.length >= 5);
      expect(heard).toEqual(['confirmation', 'event 2', 'event 3', 'caughtUp', 'event 4']);
      await subscription.unsubscribe();
    });

    test('that does not exist waits for it', async () => {
      const stream = `${newCategory()}-1`;
      const subscription = client.subscribeToStream(stream, { fromRevision: START });
      const { heard, until } = listen(subscription);
      await until(() => heard.includes('caughtUp'));
      await append(stream, 1);
      await until(() => heard.length >= 3);
      expect(heard).toEqual(['confirmation', 'caughtUp', 'event 0']);
      await subscription.unsubscribe();
    });

    test.each<readonly [string, bigint | 'end']>([
      ['the end', END],
      ['beyond the head', 3n],
    ])('from %s gives only what comes after it', async (_, fromRevision) => {
      const stream = `${newCategory()}-1`;
      await append(stream, 4);
      const subscription = client.subscribeToStream(stream, { fromRevision });
      const { heard, until } = listen(subscription);
      await until(() => heard.includes('caughtUp'));
      await append(stream, 2, 3n);
      await until(() => heard.length >= 4);
      expect(heard).toEqual(['confirmation', 'caughtUp', 'event 4', 'event 5']);
      await subscription.unsubscribe();
    });
  });

  describe('a subscription to the whole log', () => {
    test('by a name: confirmation, history, a checkpoint, caught-up, then live', async () => {
      const category = newCategory();
      const { position } = await append(`${category}-1`, 2);
      await append(`${newCategory()}-other`, 3);
      const said: string[] = [];
      const subscription = client.subscribeToAll({
        fromPosition: START,
        filter: streamNameFilter({
          prefixes: [category],
          checkpointReached: async (_subscription, checkpoint) => {
            if (checkpoint.commit >= (position?.commit ?? 0n)) said.push('checkpoint');
          },
        }),
      });
      subscription.on('confirmation', () => said.push('confirmation'));
      subscription.on('caughtUp', () => said.push('caughtUp'));
      const { heard, until } = listen(subscription);
      subscription.on('data', ({ event }) => said.push(`event ${event?.revision}`));
      await until(() => heard.includes('caughtUp'));
      const once = said.filter((word, i) => word !== said[i - 1]);
      expect(once).toEqual(['confirmation', 'event 0', 'event 1', 'checkpoint', 'caughtUp']);
      await append(`${category}-1`, 1, 1n);
      await until(() => heard.includes('event 2'));
      await subscription.unsubscribe();
    });

    test('by a type prefix, strictly after a position', async () => {
      const category = newCategory();
      const type = `T${category}`;
      await client.appendToStream(`${category}-1`, made(2, `${type}One`), { expectedRevision: 'no_stream' });
      const [first] = await Array.fromAsync(client.readStream(`${category}-1`, { maxCount: 1 }));
      const subscription = client.subscribeToAll({
        fromPosition: first?.event?.position ?? START,
        filter: eventTypeFilter({ prefixes: [type] }),
      });
      const { heard, until } = listen(subscription);
      await until(() => heard.includes('caughtUp'));
      await client.appendToStream(`${category}-1`, made(1, 'Other'), { expectedRevision: 1n });
      await client.appendToStream(`${category}-1`, made(1, `${type}Two`), { expectedRevision: 2n });
      await until(() => heard.includes('event 3'));
      expect(heard).toEqual(['confirmation', 'event 1', 'caughtUp', 'event 3']);
      await subscription.unsubscribe();
    });

    test('by a regular expression, found anywhere in the name', async () => {
      const category = newCategory();
      await append(`a${category}b-1`, 1);
      await append(`${newCategory()}-1`, 1);
      const subscription = client.subscribeToAll({
        fromPosition: START,
        filter: streamNameFilter({ regex: category }),
      });
      const { heard, until } = listen(subscription);
      await until(() => heard.includes('caughtUp'));
      expect(heard).toEqual(['confirmation', 'event 0', 'caughtUp']);
      await subscription.unsubscribe();
    });

    test('says how far it looked while nothing matches, each time further', async () => {
      const checkpoints: bigint[] = [];
      const subscription = client.subscribeToAll({
        fromPosition: END,
        filter: streamNameFilter({
          prefixes: [newCategory()],
          checkpointReached: async (_, { commit }) => {
            checkpoints.push(commit);
            hear('checkpoint');
          },
        }),
      });
      const { heard, hear, until } = listen(subscription);
      await until(() => heard.includes('caughtUp'));
      const { position } = await append(`${newCategory()}-1`, 1);
      for (let i = 0; i < 3; i++) await append(`${newCategory()}-1`, 32);
      const further = (): boolean => checkpoints.some((one) => one >= (position?.commit ?? 0n) && one < 2n ** 63n);
      await until(further);
      const usable = checkpoints.filter((one) => one < 2n ** 63n);
      expect(usable.every((one, i) => i === 0 || one > (usable[i - 1] ?? 0n))).toBe(true);
      await subscription.unsubscribe();
    });

    test('from beyond the head waits', async () => {
      const { position } = await append(`${newCategory()}-1`, 1);
      const far = (position?.commit ?? 0n) + 1_000_000_000n;
      const subscription = client.subscribeToAll({ fromPosition: { commit: far, prepare: far } });
      const { heard, until } = listen(subscription);
      await until(() => heard.includes('caughtUp'));
      expect(heard).toEqual(['confirmation', 'caughtUp']);
      await subscription.unsubscribe();
    });

    test('by a regular expression that cannot be read, is an error', async () => {
      const subscription = client.subscribeToAll({ filter: streamNameFilter({ regex: '(' }) });
      const { heard, until } = listen(subscription);
      await until(() => heard.some((word) => word.startsWith('error')));
      expect(heard.at(-1)).toContain('Exception was thrown by handler');
    });
  });

  test('a client that asks who is there first finds the leader', async () => {
    const discovering = EventStoreDBClient.connectionString(connectionString.replace('esdb://', 'esdb+discover://'));
    const stream = `${newCategory()}-1`;
    const answer = await discovering.appendToStream(stream, made(1), { expectedRevision: 'no_stream' });
    expect(answer.success).toBe(true);
    await discovering.dispose();
  });
});

describe('what the development server does not do', () => {
  test('is refused as unimplemented, and hurts nothing else', async () => {
    const ours = await startOurs();
    const client = EventStoreDBClient.connectionString(ours.connectionString);
    const stream = `${newCategory()}-1`;
    await expect(client.appendToStream(stream, made(1), { expectedRevision: 'any' })).rejects.toThrow(
      'exact and no_stream',
    );
    await expect(client.deleteStream(stream)).rejects.toThrow('UNIMPLEMENTED');
    await expect(client.tombstoneStream(stream)).rejects.toThrow('UNIMPLEMENTED');
    await expect(client.listAllPersistentSubscriptions()).rejects.toThrow();
    expect(await client.appendToStream(stream, made(1), { expectedRevision: 'no_stream' })).toMatchObject({
      success: true,
    });
    await client.dispose();
    await ours.close();
  });
});
