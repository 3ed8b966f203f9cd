// absence.test.ts: what comes back while more leaves.

import { type Account, type AccountEvent, commandKey, newAccount } from '@holdfast/domain';
import { accountStream, commandIdOf, contentHashOf, encode, eventId } from '@holdfast/events';
import type { Journal } from '@holdfast/journal';
import { openMemoryJournal } from '@holdfast/journal/memory';
import { describe, expect, test } from 'vitest';
import { Absence } from './absence.ts';
import { accountAggregate } from './accountAggregate.ts';
import type { Job } from './aggregate.ts';
import { IndexKeys } from './indexKeys.ts';
import { memoryIndex } from './testing/memoryIndex.ts';
import * as given from './testing/program.ts';

const stream = accountStream(given.account);
const commandId = commandIdOf('open');
const key = commandKey(commandId);
const opened: AccountEvent = {
  type: 'AccountOpened',
  data: { accountId: given.account, programId: given.program, currency: given.EUR, creditLineMinor: 0n },
};
const needy: Job<Account, AccountEvent> = {
  needs: () => [key],
  decide: () => ({ restsOn: 'all' }),
  done: () => {},
  failed: () => {},
};

/** An account whose only command has left memory; `reading` is settled before a read of the log goes on. */
async function absent(reading: Promise<void>) {
  const log = openMemoryJournal();
  const contentHash = contentHashOf('open');
  const { type, data, metadata } = encode(opened, {
    ...{ occurredAt: 0, commandId, contentHash, correlationId: 'c', actor: 'a' },
  });
  const id = eventId(stream, commandId, 0, type, data, metadata);
  await log.append(stream, 'no_stream', [{ id, type, data, metadata }]);
  const index = memoryIndex();
  await index.write({ stream, revision: 0, snapshot: '', keys: IndexKeys.of([key, 0]) });
  const journal: Journal = {
    ...log,
    async *readStream(...asked) {
      await reading;
      yield* log.readStream(...asked);
    },
  };
  const account = newAccount();
  const submitted: Job<Account, AccountEvent>[] = [];
  const absence = new Absence<Account, AccountEvent>({
    ...{ stream, aggregate: accountAggregate, index, journal },
    state: () => account,
    indexed: () => 0,
    decides: () => true,
    submit: (job) => void submitted.push(job),
    couldNot: (_, error) => expect.fail(String(error)),
    roundEnded: () => {},
  });
  absence.begin(0);
  return { absence, account, submitted };
}

describe('what has left memory', () => {
  test('comes back for whoever needs it, who is then submitted again', async () => {
    const { absence, account, submitted } = await absent(Promise.resolve());
    expect(absence.has(needy)).toBe(true);
    absence.fetch(needy);
    await expect.poll(() => submitted).toEqual([needy]);
    expect(account.commands.has(commandId)).toBe(true);
    expect(absence.has(needy)).toBe(false);
  });

  test('is not put back when all of it has left again while it was read', async () => {
    const reading = Promise.withResolvers<void>();
    const { absence, account } = await absent(reading.promise);
    const back = absence.bringBack(key);
    absence.begin(0);
    reading.resolve();
    await back;
    expect(account.commands.has(commandId)).toBe(false);
    expect(absence.has(needy)).toBe(true);
  });
});
