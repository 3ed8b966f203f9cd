// remoteEngine.ts: an engine in another thread, as the one that asks sees it.

import type { Engine, EngineCounters } from '../engine.ts';
import { errorOf } from './errorText.ts';
import { type ApiKey, type Call, COUNTERS, type FromEngine, type Method, TOGETHER, type ToEngine } from './messages.ts';

/** The thread: a `Worker`, or a port to it. */
export type EngineThread = {
  postMessage(message: ToEngine): void;
  on(event: 'message', listener: (message: FromEngine) => void): unknown;
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
};

/** Resolves when `serveEngine` in the thread says that it is ready; never when it does not. */
export function connectEngine(thread: EngineThread): Promise<Engine> {
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  const keys = new Map<string, ApiKey>();
  const ready = Promise.withResolvers<Engine>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  let counters: ArrayLike<number> = [];
  let calls: Call[] = [];
  let count = 0;
  let working = true;
  let closing: Promise<void> | undefined;

  function flush(): void {
    if (calls.length === 0) return;
    thread.postMessage(calls);
    calls = [];
  }

  function ask<Name extends Method>(method: Name, ...given: Parameters<Engine[Name]>): ReturnType<Engine[Name]> {
    const call = ++count;
    const answer = Promise.withResolvers<unknown>();
    pending.set(call, answer);
    calls.push([call, method, ...given] as unknown as Call);
    if (calls.length === TOGETHER) flush();
    else if (calls.length === 1) setImmediate(flush);
    return answer.promise as ReturnType<Engine[Name]>;
  }

  function know(more: readonly ApiKey[]): void {
    for (const key of more) keys.set(key.secretHash, key);
  }

  function stop(error: Error): void {
    working = false;
    failed.reject(error);
  }

  function onMessage(message: FromEngine): void {
    switch (message.type) {
      case 'ready':
        counters = new Float64Array(message.counters);
        know(message.apiKeys);
        ready.resolve(engine);
        break;
      case 'answered':
        know(message.apiKeys);
        for (const [call, done, value] of message.answered) {
          const answer = pending.get(call);
          pending.delete(call);
          if (done) answer?.resolve(value);
          else answer?.reject(errorOf(value));
        }
        break;
      case 'failed':
        stop(errorOf(message.error));
        break;
      default:
        message satisfies never;
    }
  }

  async function close(): Promise<void> {
    working = false;
    await ask('close');
    await thread.ended;
  }

  const engine: Engine = {
    submit: (submission) => ask('submit', submission),
    execute: (command, context) => ask('execute', command, context),
    programOf: (accountId) => ask('programOf', accountId),
    accountOf: (cardId) => ask('accountOf', cardId),
    clearingFile: (id) => ask('clearingFile', id),
    current: () => ask('current'),
    tick: () => ask('tick'),
    apiKey: (secretHash) => keys.get(secretHash),
    apiKeys: keys,
    get ready() {
      return working;
    },
    get counters() {
      return Object.fromEntries(COUNTERS.map((name, at) => [name, counters[at] ?? 0])) as EngineCounters;
    },
    failed: failed.promise,
    close() {
      closing ??= close();
      return closing;
    },
  };
  thread.on('message', onMessage);
  thread.ended.then(() => {
    if (closing === undefined) stop(new Error('the thread that decides has ended'));
  });
  return ready.promise;
}
