import { randomBytes } from 'node:crypto';
import { describe, test } from 'vitest';
import type { Subject } from '../contract.ts';
import { journalContract } from '../contract.ts';
import { LIMITS } from '../journal.ts';
import { openEventStoreJournal } from './journal.ts';

/** A real server, when one is named. Nothing is removed from it: each run has a prefix of its own. */
const connectionString = process.env.HOLDFAST_TEST_EVENTSTORE;

function subject(connectionString: string, streamPrefix: string | undefined, appenders: number): Subject {
  const journal = openEventStoreJournal({
    connectionString,
    appenders,
    ...(streamPrefix === undefined ? {} : { streamPrefix }),
  });
  const prefixLength = streamPrefix === undefined ? 0 : streamPrefix.length + 1;
  return {
    journal,
    streamNameLength: LIMITS.streamNameLength - prefixLength,
    reopen: async () => {
      await journal.close();
      return subject(connectionString, streamPrefix, appenders);
    },
    destroy: () => journal.close(),
  };
}

if (connectionString === undefined) {
  describe('EventStoreDB', () => {
    test.skip('HOLDFAST_TEST_EVENTSTORE names no server to run the contract on', () => {});
  });
} else {
  journalContract('EventStoreDB', { open: async () => subject(connectionString, undefined, 1) });
  journalContract('EventStoreDB with a stream prefix and two appenders', {
    open: async () => subject(connectionString, `t${randomBytes(6).toString('hex')}`, 2),
  });
}
