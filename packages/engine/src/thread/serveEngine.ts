// serveEngine.ts: the thread that decides: does what the other one asks, and answers.

import { shareCommonTexts } from '@holdfast/events';
import type { Engine } from '../engine.ts';
import { textOf } from './errorText.ts';
import {
  type Answered,
  type ApiKey,
  type Call,
  COUNTERS,
  type FromEngine,
  TOGETHER,
  type ToEngine,
} from './messages.ts';

/** As `parentPort` has it. */
export type EnginePort = {
  postMessage(message: FromEngine): void;
  on(event: 'message', listener: (message: ToEngine) => void): unknown;
  close(): void;
};

/** How old the other thread's counters may be while nothing is answered. */
const COUNTERS_EVERY_MS = 100;

/** Says that it is ready, and serves until it is told to close: then it calls `close`, and closes the port. */
export function serveEngine(engine: Engine, port: EnginePort, close: () => Promise<void>): void {
  const counters = new Float64Array(new SharedArrayBuffer(COUNTERS.length * Float64Array.BYTES_PER_ELEMENT));
  let answered: Answered[] = [];
  let toldKeys = 0;

  function count(): void {
    const now = engine.counters;
    for (const [at, name] of COUNTERS.entries()) counters[at] = now[name];
  }

  function newKeys(): readonly ApiKey[] {
    const { apiKeys } = engine;
    if (apiKeys.size === toldKeys) return [];
    const keys = [...apiKeys.values()].slice(toldKeys);
    toldKeys = apiKeys.size;
    return keys;
  }

  /** The counters first: who has an answer finds it counted. */
  function flush(): void {
    if (answered.length === 0) return;
    count();
    port.postMessage({ type: 'answered', answered, apiKeys: newKeys() });
    answered = [];
  }

  function answer(one: Answered): void {
    answered.push(one);
    if (answered.length === TOGETHER) flush();
    else if (answered.length === 1) setImmediate(flush);
  }

  function serve(call: Call): void {
    const [id] = call;
    run(call).then(
      (value) => answer([id, true, value]),
      (error: unknown) => answer([id, false, textOf(error)]),
    );
  }

  function run(call: Call): Promise<unknown> {
    switch (call[1]) {
      case 'submit':
        shareCommonTexts(call[2].message);
        return engine.submit(call[2]);
      case 'execute':
        return engine.execute(call[2], call[3]);
      case 'programOf':
        return engine.programOf(call[2]);
      case 'accountOf':
        return engine.accountOf(call[2]);
      case 'clearingFile':
        return engine.clearingFile(call[2]);
      case 'current':
        return engine.current();
      case 'tick':
        return engine.tick();
      case 'close':
        return end();
      default:
        return call satisfies never;
    }
  }

  async function end(): Promise<void> {
    clearInterval(counting);
    await close();
    // With the answer to this, and all before it, on its way.
    setImmediate(() => {
      flush();
      port.close();
    });
  }

  const counting = setInterval(count, COUNTERS_EVERY_MS).unref();
  engine.failed.catch((error: unknown) => port.postMessage({ type: 'failed', error: textOf(error) }));
  count();
  port.on('message', (calls) => {
    for (const call of calls) serve(call);
  });
  port.postMessage({ type: 'ready', apiKeys: newKeys(), counters: counters.buffer });
}
