// logCommand.ts: `holdfast log`.

import { eventLine, type LineStyle } from '@holdfast/audit';
import { accountStream, apiKeyStream, cardStream, clearingFileStream, isId, programStream } from '@holdfast/events';
import {
  describeLocation,
  type JournalReader,
  type LogLocation,
  type Position,
  type StoredEvent,
} from '@holdfast/journal';
import type { LogOptions } from './commandLine.ts';
import { withLog } from './openLog.ts';
import { colours as c, print } from './output.ts';
import { EXIT, type ExitStatus, Refusal } from './refusal.ts';

const STYLE: LineStyle = { dim: c.dim, good: c.green, bad: c.red, strong: c.bold };

/** Prints events up to the head, and with `follow` what comes after it until the process is stopped. */
export async function log(location: LogLocation, options: LogOptions): Promise<ExitStatus> {
  const stream = options.stream === undefined ? undefined : streamOf(options.stream);
  return withLog(location, async (reader) => {
    if (stream !== undefined && !options.follow) await mustExist(reader, stream, location);
    const head = await reader.head();
    const from = options.from ?? 0n;
    if (stream === undefined) await mustStand(reader, from, head);
    let left = options.limit ?? Number.POSITIVE_INFINITY;

    /** False when enough was printed. */
    async function show(events: readonly StoredEvent[]): Promise<boolean> {
      for (const event of events) {
        if (event.position < from) continue;
        if (stream !== undefined && event.stream !== stream) continue;
        if (options.type !== undefined && event.type !== options.type) continue;
        if (left <= 0) return false;
        left -= 1;
        await print(options.json ? jsonLine(event) : eventLine(event, STYLE));
      }
      return left > 0;
    }

    for await (const events of pages(reader, stream, head, options)) if (!(await show(events))) return EXIT.ok;
    if (options.follow) await follow(reader, head, show);
    return EXIT.ok;
  });
}

async function* pages(
  reader: JournalReader,
  stream: string | undefined,
  head: Position,
  { from = 0n, type }: LogOptions,
): AsyncGenerator<readonly StoredEvent[]> {
  if (stream !== undefined) {
    for await (const events of reader.readStream(stream)) {
      yield events.filter(({ position }) => position <= head);
    }
    return;
  }
  const filter = type === undefined ? {} : { filter: { types: [type] } };
  const first = from === 0n ? undefined : await reader.eventAt(from);
  if (first !== undefined) yield [first];
  for await (const { events } of reader.readAll({ after: from, upTo: head, ...filter })) yield events;
}

/** Until enough was printed or the process is told to stop. */
async function follow(
  reader: JournalReader,
  after: Position,
  show: (events: readonly StoredEvent[]) => Promise<boolean>,
): Promise<void> {
  // The reader's own timers keep no process alive.
  const alive = setInterval(() => undefined, 60_000);
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  process.once('SIGINT', () => stop());
  process.once('SIGTERM', () => stop());
  const subscription = reader.subscribe({
    after,
    onPage: async ({ events }) => {
      if (!(await show(events))) stop();
    },
  });
  try {
    await Promise.race([stopped, subscription.ended]);
    await subscription.close();
  } finally {
    clearInterval(alive);
  }
}

/** Positions of a log of EventStoreDB have gaps. */
async function mustStand(reader: JournalReader, position: Position, head: Position): Promise<void> {
  if (position === 0n || position > head || (await reader.eventAt(position)) !== undefined) return;
  throw new Refusal(`no event stands at position ${position}: give one that the log shows`);
}

async function mustExist(reader: JournalReader, stream: string, location: LogLocation): Promise<void> {
  for await (const events of reader.readStream(stream, { limit: 1 })) if (events.length > 0) return;
  throw new Refusal(`there is no stream ${stream} in the log in ${describeLocation(location)}`);
}

/** What a person copies from an answer of the API is an id; its stream is named after it. */
function streamOf(given: string): string {
  if (isId('acct', given)) return accountStream(given);
  if (isId('card', given)) return cardStream(given);
  if (isId('prog', given)) return programStream(given);
  if (isId('key', given)) return apiKeyStream(given);
  if (isId('clf', given)) return clearingFileStream(given);
  return given;
}

/** Data and metadata exactly as stored, unless they are no JSON. */
function jsonLine({ position, stream, revision, id, type, data, metadata }: StoredEvent): string {
  const head = JSON.stringify({ position: position.toString(), stream, revision, id, type });
  return `${head.slice(0, -1)},"data":${raw(data)},"metadata":${raw(metadata)}}`;
}

function raw(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}
