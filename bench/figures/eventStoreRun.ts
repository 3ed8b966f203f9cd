// eventStoreRun.ts: the process that appends the same approvals to an event store: through a bare loop over the client,
// or through the journal's adapter. Each stream has one append under way.

import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { encode, eventId } from '@holdfast/events';
import type { EventToAppend } from '@holdfast/journal';
import { openEventStoreJournal } from '@holdfast/journal/eventstoredb';
import { given, serve } from '../support/parent.ts';
import { processorMs } from '../support/processorTime.ts';
import { approvedEvent } from './sampleEvent.ts';

export type EventStoreGiven = { readonly connectionString: string; readonly subject: 'bare' | 'adapter' };
export type EventStoreQuestion = { readonly underWay: number; readonly streams: number; readonly seconds: number };
export type EventStoreMeasured = { readonly perSecond: number; readonly processorUsEach: number };

const { connectionString, subject } = given<EventStoreGiven>();

type Append = (stream: string, revision: number) => Promise<unknown>;
type Subject = { readonly append: Append; close(): Promise<void> };

/** Both subjects make what they send, as Holdfast does. */
function approved(stream: string, revision: number): EventToAppend {
  const { event, metadata } = approvedEvent(`${stream}-${revision}`);
  const encoded = encode(event, metadata);
  const { type, data } = encoded;
  return {
    id: eventId(stream, metadata.commandId, 0, type, data, encoded.metadata),
    type,
    data,
    metadata: encoded.metadata,
  };
}

function bare(): Subject {
  const client = EventStoreDBClient.connectionString(connectionString);
  return {
    append: (stream, revision) => {
      const { id, type, data, metadata } = approved(stream, revision);
      const sent = jsonEvent({ id, type, data: JSON.parse(data), metadata: Buffer.from(metadata) });
      const expectedRevision = revision < 0 ? ('no_stream' as const) : BigInt(revision);
      return client.appendToStream(stream, sent, { expectedRevision, requiresLeader: true });
    },
    close: () => client.dispose(),
  };
}

function adapter(): Subject {
  const journal = openEventStoreJournal({ connectionString });
  return {
    append: (stream, revision) =>
      journal.append(stream, revision < 0 ? 'no_stream' : revision, [approved(stream, revision)]),
    close: () => journal.close(),
  };
}

let run = 0;

await serve(async () => {
  const { append, close } = subject === 'bare' ? bare() : adapter();
  return {
    ready: {},
    async answer({ underWay, streams, seconds }: EventStoreQuestion): Promise<EventStoreMeasured> {
      const unique = `bench-${subject}${process.pid}r${run++}`;
      const revisions = new Array<number>(streams).fill(-1);
      let count = 0;
      const [processorBegun, begun] = [processorMs(), performance.now()];
      const end = begun + seconds * 1_000;
      await Promise.all(
        Array.from({ length: underWay }, async (_, lane) => {
          for (let stream = lane; performance.now() < end; stream = (stream + underWay) % streams) {
            await append(`${unique}s${stream}`, revisions[stream] ?? -1);
            revisions[stream] = (revisions[stream] ?? -1) + 1;
            count++;
          }
        }),
      );
      const perSecond = (count / (performance.now() - begun)) * 1_000;
      return { perSecond, processorUsEach: ((processorMs() - processorBegun) / count) * 1_000 };
    },
    stop: close,
  };
});
