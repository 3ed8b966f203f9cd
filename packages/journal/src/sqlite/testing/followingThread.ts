// followingThread.ts: a worker thread that follows a log and posts the revisions of each page that has events.

import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteJournalReader } from '../reader.ts';

const reader = await openSqliteJournalReader({ directory: workerData as string });
const subscription = reader.subscribe({
  after: 0n,
  onPage: ({ events }) => {
    if (events.length > 0) parentPort?.postMessage(events.map(({ revision }) => revision));
  },
});
parentPort?.once('message', async () => {
  await subscription.close();
  await reader.close();
});
