// engineThread.test.ts: the thread that decides has its own log, index and look at what is due.

import { type CardId, DAY_MS, type DecidableMessage } from '@holdfast/domain';
import { type Clock, openEngine, openSqliteAccountIndex, sourceHash, systemClock } from '@holdfast/engine';
import { contentHashOfMessage, decode, identityOf } from '@holdfast/events';
import { openSqliteJournal, openSqliteJournalReader } from '@holdfast/journal';
import { currencyOf } from '@holdfast/money';
import { openProjections } from '@holdfast/projections';
import { openVault } from '@holdfast/vault';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startEngineThread } from '../src/engineThread.ts';
import { Refusal } from '../src/refusal.ts';
import { makeSandbox } from '../src/sandbox.ts';
import { temporaryFolder } from './support/folder.ts';

vi.setConfig({ testTimeout: 60_000 });

const quiet = { error: () => {}, warn: () => {}, info: () => {} };
const vault = openVault({ key: new Uint8Array(32).fill(3) });

function authorization(cardId: CardId, sentAt: number): DecidableMessage {
  return {
    ...{ type: 'authorization', network: 'visa', cardId, amountMinor: 40_00n, currency: currencyOf('EUR').code },
    ...{ merchant: { id: 'M1', mcc: '5812' }, acquirerId: '400123', terminalId: 'T1', stan: '000001' },
    transmittedAt: new Date(sentAt).toISOString(),
  } as DecidableMessage;
}

/** A log with a sandbox in which a card paid at `now`, and its read models. */
async function sandboxOf(now: number): Promise<string> {
  const directory = temporaryFolder();
  const journal = await openSqliteJournal({ directory });
  const index = await openSqliteAccountIndex({ directory, logId: 'test', sourceHash: sourceHash() });
  const clock: Clock = { ...systemClock, now: () => now };
  const engine = await openEngine({ journal, index, clock });
  await makeSandbox(engine, vault, { now, secretHash: 'secret' });
  const [cardId] = await cardsOf(directory);
  const message = authorization(cardId as CardId, now);
  const { answer } = await engine.submit({
    message,
    commandId: identityOf(message, 'test').commandId,
    contentHash: contentHashOfMessage(message),
    ...{ answerBy: now + 5_000, actor: 'test', correlationId: 'test' },
  });
  expect(answer.decision).toBe('approved');
  await engine.close();
  await index.close();
  const projections = await openProjections({ directory, reader: journal });
  expect(await projections.waitFor(await journal.head(), 10_000)).toBe(true);
  await projections.close();
  await journal.close();
  return directory;
}

async function eventsOf(directory: string) {
  const log = await openSqliteJournalReader({ directory });
  const events = [];
  for await (const page of log.readAll()) events.push(...page.events.map((event) => decode(event)));
  await log.close();
  return events;
}

async function cardsOf(directory: string): Promise<readonly CardId[]> {
  return (await eventsOf(directory)).flatMap((event) => (event.type === 'CardIssued' ? [event.data.cardId] : []));
}

test('it expires what is due by the read models, and closes what it opened', async () => {
  const directory = await sandboxOf(Date.now() - 60 * DAY_MS);
  const thread = startEngineThread(quiet);
  const given = { directory, log: { directory }, shared: undefined, readModels: directory };
  const engine = await thread.open(given);
  await vi.waitFor(() => expect(engine.counters.expired).toBe(1), { timeout: 30_000, interval: 50 });
  expect(thread.busyMs()).toBeGreaterThan(0);
  expect(await thread.heapBytes()).toBeGreaterThan(1_000_000);
  await thread.close();
  expect([thread.busyMs(), await thread.heapBytes()]).toEqual([0, 0]);
  expect((await eventsOf(directory)).map(({ type }) => type)).toContain('AuthorizationExpired');
  // Another one can write it now.
  await (await openSqliteJournal({ directory })).close();
});

test('a log that somebody else writes is refused in one sentence', async () => {
  const directory = temporaryFolder();
  const journal = await openSqliteJournal({ directory });
  onTestFinished(() => journal.close());
  const thread = startEngineThread(quiet);
  onTestFinished(() => thread.close());
  const refused = await thread.open({ directory, log: { directory }, shared: undefined }).catch((error) => error);
  expect(refused).toBeInstanceOf(Refusal);
  expect(refused.message).toMatch(/is it running already\?$/);
});
