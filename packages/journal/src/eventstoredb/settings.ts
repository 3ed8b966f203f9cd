// settings.ts: how to reach an EventStoreDB, and how patient to be with it.

import { EventStoreDBClient } from '@eventstore/db-client';

/** The connection string may hold a password: nothing here ever prints it. */
export type EventStoreSettings = {
  /** `esdb://host:2113`, `esdb://a:2113,b:2113,c:2113` or `esdb+discover://name`, with `tls`, `tlsCAFile`, credentials … */
  readonly connectionString: string;
  /** Threads that append, streams divided among them by name. One carries about 8,000 appends a second. Default 1. */
  readonly appenders?: number;
  /** Letters and digits: keeps the streams of this installation apart from others on the same server. */
  readonly streamPrefix?: string;
  /** How long an append or a read waits for a log that is not there, an election for example. Default 10,000. */
  readonly patienceMs?: number;
  /** A client that leaves an append unanswered for so long is replaced. Default 5,000. */
  readonly answerWithinMs?: number;
  /** Told, in one sentence, when a client is replaced or a subscription begins again. */
  readonly onTrouble?: (sentence: string) => void;
};

export type ResolvedSettings = Required<Omit<EventStoreSettings, 'streamPrefix'>> & {
  /** What stands before each stream name: nothing, or the prefix and a dot. */
  readonly before: string;
};

const PREFIX = /^[A-Za-z0-9]{1,32}$/;
const APPENDERS_MOST = 16;

/** Throws `RangeError` with one sentence about the first thing that is wrong. */
export function resolveSettings({
  connectionString,
  appenders = 1,
  streamPrefix,
  patienceMs = 10_000,
  answerWithinMs = 5_000,
  onTrouble = () => {},
}: EventStoreSettings): ResolvedSettings {
  if (streamPrefix !== undefined && !PREFIX.test(streamPrefix)) {
    throw new RangeError(`the stream prefix ${JSON.stringify(streamPrefix)} must be 1 to 32 letters and digits`);
  }
  if (!Number.isInteger(appenders) || appenders < 1 || appenders > APPENDERS_MOST) {
    throw new RangeError(`${appenders} appenders: a whole number from 1 to ${APPENDERS_MOST} is needed`);
  }
  checkConnectionString(connectionString);
  const before = streamPrefix === undefined ? '' : `${streamPrefix}.`;
  return { connectionString, appenders, before, patienceMs, answerWithinMs, onTrouble };
}

/** Throws `RangeError`. The client connects with the first call, so that making one only reads the string. */
function checkConnectionString(connectionString: string): void {
  try {
    EventStoreDBClient.connectionString(connectionString);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const shown = reason.includes('certificate') ? reason : 'it cannot be read';
    throw new RangeError(
      `the EventStoreDB connection string is wrong (${shown}): esdb://user:password@host:2113?tls=true is one`,
    );
  }
}
