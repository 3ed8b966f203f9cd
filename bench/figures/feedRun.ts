// feedRun.ts: the process that publishes the same approvals to JetStream: through a bare loop over the client, or as the feed.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode, eventId } from '@holdfast/events';
import { cloudEventOf, startFeed, subjectOf } from '@holdfast/feed-service';
import { LIMITS, type StoredEvent } from '@holdfast/journal';
import { newMemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import { connect, DiscardPolicy } from 'nats';
import { given, serve } from '../support/parent.ts';
import { approvedEvent } from './sampleEvent.ts';

export type FeedGiven = { readonly servers: string; readonly events: number };
export type FeedQuestion = { readonly subject: 'bare' | 'feed' };

const { servers, events } = given<FeedGiven>();
/** Under way at once in the bare loop: a page of the feed. */
const UNDER_WAY = 500;
const STREAMS = 100;

const log = newMemoryLog();
let run = 0;

async function fill(): Promise<readonly StoredEvent[]> {
  const journal = openMemoryJournal(log);
  for (let at = 0; at < STREAMS; at++) {
    const count = events / STREAMS;
    const appended = Array.from({ length: count }, (_, n) => {
      const { event, metadata } = approvedEvent(`${at}-${n}`);
      const encoded = encode(event, metadata);
      const id = eventId(`account-${at}`, metadata.commandId, 0, encoded.type, encoded.data, encoded.metadata);
      return { ...encoded, id };
    });
    for (let from = 0; from < count; from += UNDER_WAY / 2) {
      const expected = from === 0 ? ('no_stream' as const) : from - 1;
      await journal.append(`account-${at}`, expected, appended.slice(from, from + UNDER_WAY / 2));
    }
  }
  return log.events;
}

/** Publishes ready-made messages, so many at a time, and waits for their acknowledgements. */
async function bare(stored: readonly StoredEvent[], name: string): Promise<void> {
  const connection = await connect({ servers });
  const manager = await connection.jetstreamManager();
  await manager.streams.add({ name, subjects: [`${name}.>`], discard: DiscardPolicy.New });
  const client = connection.jetstream();
  for (let at = 0; at < stored.length; at += UNDER_WAY) {
    await Promise.all(
      stored
        .slice(at, at + UNDER_WAY)
        .map((event) => client.publish(subjectOf(name, event), cloudEventOf('urn:bench', event), { msgID: event.id })),
    );
  }
  await connection.close();
}

async function feed(name: string): Promise<void> {
  const published = startFeed({
    reader: openMemoryJournal(log),
    nats: { servers },
    stream: { name, prefix: name, replicas: 1 },
    source: 'urn:bench',
    directory: mkdtempSync(join(tmpdir(), 'holdfast-bench-feed-')),
  });
  while (published.published < events) {
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 2)), published.failed]);
  }
  await published.close();
}

await serve(async () => {
  if (events % STREAMS !== 0 || UNDER_WAY > LIMITS.appendEvents * 2)
    throw new RangeError('streams of equal length only');
  const stored = await fill();
  return {
    ready: {},
    /** Events a second. */
    async answer({ subject }: FeedQuestion): Promise<number> {
      const name = `${subject}${process.pid}r${run++}`;
      const begun = performance.now();
      await (subject === 'bare' ? bare(stored, name) : feed(name));
      return (events / (performance.now() - begun)) * 1_000;
    },
  };
});
