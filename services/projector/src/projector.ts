// projector.ts: runs the projections in a thread of their own, and knows in this one how far they have come.

import { Worker } from 'node:worker_threads';
import type { LogLocation, Position } from '@holdfast/journal';
import { createWaiters, type Progress, ProjectionFailed, type Rebuilt } from '@holdfast/projections';
import type { Alarm, FromWorker, ToWorker, WorkerData } from './messages.ts';

export type Projector = {
  /** Why the read models are being made anew, or undefined when they go on where they were. */
  readonly rebuilt: Rebuilt | undefined;
  /** How far the committed rows have come. Synchronous, from the thread's last message. */
  position(): Position;
  /** False when `position` was not committed within `timeoutMs` (at most `MAX_WAIT_MS`), or the projector has stopped. */
  waitFor(position: Position, timeoutMs: number): Promise<boolean>;
  /** Resolves when the rows have reached the head that the log had at the start. */
  readonly caughtUp: Promise<void>;
  /** The alarm: rejects with `ProjectionFailed` or `ProjectorStopped`, and never resolves. Rows are read as they stand. */
  readonly failed: Promise<never>;
  /** Commits what was read and ends the thread. */
  close(): Promise<void>;
};

/** The projector's thread ended, or could not start, for another reason than an event. */
export class ProjectorStopped extends Error {
  override name = 'ProjectorStopped';
  readonly code = 'projector_stopped';
}

/**
 * Follows a log into `read.db` in `directory`, where the embedded log is too unless `log` says otherwise. `onProgress` is called after each commit until it
 * has caught up. Rejects with `ProjectorStopped` when there is no log, or `read.db` is another program's file.
 */
export function startProjector(options: {
  readonly directory: string;
  readonly log?: LogLocation;
  readonly onProgress?: (progress: Progress) => void;
}): Promise<Projector> {
  const { directory, log = { directory } } = options;
  const data: WorkerData = { directory, log };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: data });
  const send = (message: ToWorker): void => worker.postMessage(message);
  const started = Promise.withResolvers<Projector>();
  const caughtUp = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<never>();
  const exited = Promise.withResolvers<void>();
  const waiters = createWaiters(0n, (waiting) => send({ type: 'hurry', on: waiting }));
  failed.promise.catch(() => {});
  let closing = false;

  function fail(error: Error): void {
    started.reject(error);
    failed.reject(error);
    waiters.close();
  }

  worker.on('message', (message: FromWorker) => {
    switch (message.type) {
      case 'started':
        waiters.advance(message.position);
        started.resolve({
          rebuilt: message.rebuilt,
          position: waiters.position,
          waitFor: waiters.waitFor,
          caughtUp: caughtUp.promise,
          failed: failed.promise,
          close,
        });
        break;
      case 'committed':
        waiters.advance(message.position);
        break;
      case 'progress':
        options.onProgress?.(message.progress);
        break;
      case 'caughtUp':
        caughtUp.resolve();
        break;
      case 'failed':
        fail(errorOf(message.alarm));
        break;
      default:
        message satisfies never;
    }
  });
  worker.on('error', (error) => fail(new ProjectorStopped(`the projector's thread failed: ${String(error)}`)));
  worker.on('exit', (code) => {
    waiters.close();
    if (!closing) fail(new ProjectorStopped(`the projector's thread ended with ${code}`));
    exited.resolve();
  });

  async function close(): Promise<void> {
    closing = true;
    send({ type: 'close' });
    await exited.promise;
  }

  return started.promise;
}

function errorOf({ message, at }: Alarm): Error {
  return at === undefined ? new ProjectorStopped(message) : new ProjectionFailed(at, message);
}
