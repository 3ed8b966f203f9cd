// worker.ts: the projector's thread: its own reader of the log, its own connection to the read models.

import { parentPort, workerData } from 'node:worker_threads';
import { openReaderAt } from '@holdfast/journal';
import { openProjections, ProjectionFailed } from '@holdfast/projections';
import type { Alarm, FromWorker, ToWorker, WorkerData } from './messages.ts';

/** How soon a commit to the log is seen, in milliseconds; a look costs some 10 µs. */
const POLL_MS = 2;

function send(message: FromWorker): void {
  parentPort?.postMessage(message);
}

async function run({ directory, log }: WorkerData): Promise<void> {
  const reader = await openReaderAt(log, { pollMs: POLL_MS });
  const projections = await openProjections({
    directory,
    reader,
    onCommit: (position) => send({ type: 'committed', position }),
    onProgress: (progress) => send({ type: 'progress', progress }),
  });
  send({ type: 'started', position: projections.position(), rebuilt: projections.rebuilt });
  projections.caughtUp.then(() => send({ type: 'caughtUp' }));
  projections.failed.catch((error: unknown) => send({ type: 'failed', alarm: alarmOf(error) }));
  parentPort?.on('message', (message: ToWorker) => {
    if (message.type === 'hurry') projections.hurry(message.on);
    else close();
  });

  async function close(): Promise<void> {
    try {
      await projections.close();
      await reader.close();
    } catch (error) {
      send({ type: 'failed', alarm: alarmOf(error) });
    }
    parentPort?.close();
  }
}

function alarmOf(error: unknown): Alarm {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ProjectionFailed)) return { message };
  const { stream, revision, position, type, why } = error;
  return { message: why, at: { stream, revision, position, type } };
}

run(workerData).catch((error: unknown) => {
  send({ type: 'failed', alarm: alarmOf(error) });
  parentPort?.close();
});
