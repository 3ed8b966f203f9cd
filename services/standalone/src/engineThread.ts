// engineThread.ts: the engine in a thread of its own, so that requests are read and answered beside its decisions.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { connectEngine, type Engine, type FromEngine, type Shared, type ToEngine } from '@holdfast/engine';
import type { LogLocation } from '@holdfast/journal';
import type { Logger } from './parts.ts';
import { type ExitStatus, Refusal } from './refusal.ts';

/** The first message to the thread: what it opens. */
export type EngineThreadGiven = {
  /** For what is derived from the log. */
  readonly directory: string;
  readonly log: LogLocation;
  readonly shared: Shared | undefined;
  /** The folder of the read models. Absent: nothing expires by this engine, and it takes up no transfers. */
  readonly readModels?: string;
  /** Left out: the engine's own bound. */
  readonly maxResidents?: number;
};

export type FromEngineThread =
  | FromEngine
  | { readonly type: 'refused'; readonly sentence: string; readonly status: ExitStatus }
  | { readonly type: 'log_failed'; readonly sentence: string }
  | {
      readonly type: 'log';
      readonly level: 'error' | 'warn' | 'info';
      readonly details: object;
      readonly message: string;
    };

export type EngineThread = {
  /** Once. Rejects with `Refusal` when the log or the index cannot be opened. */
  open(given: EngineThreadGiven): Promise<Engine>;
  /** Nobody may be answered any more: the engine has failed, or its log, or the thread. Rejects with why. */
  readonly failed: Promise<never>;
  /** How long it has done something, in milliseconds since it was started. */
  busyMs(): number;
  /** 0 when it has ended. */
  heapBytes(): Promise<number>;
  /** Closes the engine, and all that it is on. */
  close(): Promise<void>;
};

/** Starts the thread, which loads its modules while others do something else: it takes longer than to open a log. */
export function startEngineThread(logger: Logger): EngineThread {
  const worker = new Worker(new URL('./engineWorker.ts', import.meta.url));
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  worker.on('error', failed.reject);
  const ended = once(worker, 'exit').catch(() => {});
  let engine: Engine | undefined;

  worker.on('message', (message: FromEngineThread) => {
    switch (message.type) {
      case 'refused':
        failed.reject(new Refusal(message.sentence, message.status));
        break;
      case 'log_failed':
        failed.reject(new Error(message.sentence));
        break;
      case 'log':
        logger[message.level](message.details, message.message);
        break;
      default: // For `connectEngine`.
    }
  });

  async function open(given: EngineThreadGiven): Promise<Engine> {
    const connected = connectEngine({
      postMessage: (message: ToEngine) => worker.postMessage(message),
      on: (event, listener) => worker.on(event, listener),
      ended,
    });
    worker.postMessage(given);
    engine = await Promise.race([connected, failed.promise]);
    engine.failed.catch(failed.reject);
    return engine;
  }

  return {
    open,
    failed: failed.promise,
    busyMs: () => worker.performance.eventLoopUtilization().active,
    heapBytes: () =>
      worker.getHeapStatistics().then(
        ({ used_heap_size }) => used_heap_size,
        () => 0,
      ),
    async close() {
      if (engine === undefined) await worker.terminate();
      else await engine.close();
    },
  };
}
