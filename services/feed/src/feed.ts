// feed.ts: follows the log and publishes each event once, in log order, through outages of either side.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JournalReader, Page, Position } from '@holdfast/journal';
import type { NatsConnection } from 'nats';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { cloudEventOf } from './cloudEvent.ts';
import {
  connectNats,
  FeedStream,
  type Message,
  type NatsOptions,
  StreamDiffers,
  type StreamOptions,
} from './jetStream.ts';
import { subjectOf } from './subject.ts';

export type FeedOptions = {
  readonly reader: JournalReader;
  readonly nats: NatsOptions;
  readonly stream: StreamOptions;
  /** `source` of every CloudEvent: a URI reference that names this installation. */
  readonly source: string;
  /** The folder of the checkpoint. */
  readonly directory: string;
  /** Told, in one sentence, when publishing begins again after trouble. */
  readonly onTrouble?: (sentence: string) => void;
};

export type Feed = {
  /** Of the last event that the stream is known to hold. */
  position(): Position;
  /** Events published by this process. */
  readonly published: number;
  /** Everything in the log has been published, as far as is known. */
  readonly caughtUp: boolean;
  /** Rejects with `FeedFailed` when somebody must look, and never resolves. */
  readonly failed: Promise<never>;
  /** Waits for what is under way. */
  close(): Promise<void>;
};

/** Waiting does not help: the stream is not the feed's, or holds events of another log. */
export class FeedFailed extends Error {
  override name = 'FeedFailed';
  readonly code = 'feed_failed';
}

const RETRY_MS = 500;
const CHECKPOINT_EVERY_MS = 1_000;
const CLOSE_MS = 2_000;

/** Begins at once and waits for NATS as long as it takes. The reader stays open. */
export function startFeed(options: FeedOptions): Feed {
  const { reader, source, stream: streamOptions } = options;
  const stopping = new AbortController();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  const file = join(options.directory, 'feed.json');
  let checkpoint: Checkpoint | undefined;
  let saving: NodeJS.Timeout | undefined;
  let published = 0;
  let caughtUp = false;

  function save(): void {
    if (checkpoint === undefined) return;
    writeCheckpoint(file, checkpoint);
  }

  /** Also of the last event for a long time: the stream may let go of it before the next one comes. */
  function saveSoon(): void {
    saving ??= setTimeout(() => {
      saving = undefined;
      try {
        save();
      } catch (error) {
        options.onTrouble?.(`the checkpoint was not written: ${sentenceOf(error)}`);
      }
    }, CHECKPOINT_EVERY_MS);
  }

  async function run(): Promise<void> {
    let connection: NatsConnection | undefined;
    try {
      while (!stopping.signal.aborted) {
        try {
          connection ??= await connectNats(options.nats);
          await publishFrom(await FeedStream.open(connection, streamOptions));
        } catch (error) {
          caughtUp = false;
          if (error instanceof StreamDiffers || error instanceof FeedFailed) throw new FeedFailed(error.message);
          if (stopping.signal.aborted) return;
          options.onTrouble?.(`publishing begins again where the stream stands: ${sentenceOf(error)}`);
          if (connection?.isClosed()) connection = undefined;
          await sleep(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {});
        }
      }
    } finally {
      clearTimeout(saving);
      save();
      // A connection that is lost would be waited for without end.
      await Promise.race([connection?.close(), sleep(CLOSE_MS, undefined, { ref: false })]);
    }
  }

  /** Ends with the first error, or when the feed is closed. */
  async function publishFrom(stream: FeedStream): Promise<void> {
    const start = await whereItStands(stream);
    checkpoint = start;
    let sequence = start?.sequence ?? 0;

    async function onPage({ events }: Page): Promise<void> {
      if (events.length === 0) return;
      const first = sequence;
      const messages = events.map((event): Message => {
        const { id: eventId, position } = event;
        return {
          subject: subjectOf(streamOptions.prefix, event),
          payload: cloudEventOf(source, event),
          eventId,
          position,
        };
      });
      // The server takes them in the order of sending; one that fails makes all after it fail.
      await Promise.all(messages.map((message, at) => stream.publish(message, first + at)));
      sequence += messages.length;
      published += messages.length;
      const last = messages.at(-1);
      if (last !== undefined) checkpoint = { sequence, position: last.position, eventId: last.eventId };
      saveSoon();
    }

    const subscription = reader.subscribe({
      after: start?.position ?? 0n,
      onPage: async (page) => {
        caughtUp = false;
        await onPage(page);
      },
      onCaughtUp: () => {
        caughtUp = true;
      },
    });
    const stop = (): void => void subscription.close();
    stopping.signal.addEventListener('abort', stop);
    if (stopping.signal.aborted) stop();
    await subscription.ended.finally(() => stopping.signal.removeEventListener('abort', stop));
  }

  /** The stream's last message says it; when that is no longer kept, the file does, if it speaks of the same message. */
  async function whereItStands(stream: FeedStream): Promise<Checkpoint | undefined> {
    const { sequence, last } = await stream.standing();
    if (sequence === 0) return undefined;
    const known = last === undefined ? readCheckpoint(file) : { sequence, ...last };
    const { name } = streamOptions;
    if (known === undefined || known.sequence !== sequence) {
      throw new FeedFailed(`the stream ${name} has let go of its last message, and ${file} does not say what it was`);
    }
    const there = await reader.eventAt(known.position);
    if (there?.id !== known.eventId) {
      throw new FeedFailed(`the stream ${name} holds events of another log: name another stream`);
    }
    return known;
  }

  const running = run().catch((error: unknown) => failed.reject(error));
  return {
    position: () => checkpoint?.position ?? 0n,
    get published() {
      return published;
    },
    get caughtUp() {
      return caughtUp;
    },
    failed: failed.promise,
    close: async () => {
      stopping.abort();
      await running;
    },
  };
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
