// replayRun.ts: the process that reads a log from its beginning, decodes and evolves it, in one thread.

import { type Account, type AccountEvent, evolveAccount, newAccount, type Recorded } from '@holdfast/domain';
import { decode } from '@holdfast/events';
import { openSqliteJournalReader } from '@holdfast/journal';
import { given, serve } from '../support/parent.ts';
import { processorMs } from '../support/processorTime.ts';

export type ReplayGiven = { readonly directory: string; readonly events: number };
export type Replayed = { readonly perSecond: number; readonly events: number; readonly bytesOfAnEvent: number };

const { directory, events: most } = given<ReplayGiven>();

async function replay(): Promise<Replayed> {
  const log = await openSqliteJournalReader({ directory });
  const accounts = new Map<string, Account>();
  let events = 0;
  let bytes = 0;
  globalThis.gc?.();
  const begun = processorMs();
  for await (const page of log.readAll({ upTo: BigInt(most) })) {
    for (const stored of page.events) {
      events++;
      bytes += stored.data.length + stored.metadata.length;
      const event = decode(stored);
      if (!stored.stream.startsWith('account-')) continue;
      const account = accounts.get(stored.stream) ?? newAccount();
      if (account.opened === undefined) accounts.set(stored.stream, account);
      evolveAccount(account, event as Recorded<AccountEvent>);
    }
  }
  const seconds = (processorMs() - begun) / 1_000;
  await log.close();
  return { perSecond: events / seconds, events, bytesOfAnEvent: bytes / events };
}

await serve(async () => {
  await replay();
  return { ready: {}, answer: replay };
});
