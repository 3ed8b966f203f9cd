// shutdown.ts: stops a server without dropping what it accepted.

import type { Server } from './server.ts';

export const SHUTDOWN_WITHIN_MS = 10_000;

const CLOSE_IDLE_EVERY_MS = 20;

/**
 * Accepts no more connections, answers every request that has come in, ends connections as they fall idle, and after
 * `withinMs` cuts those that are left. `drained`: nobody was cut off. What the routes need must stay open until this
 * resolves. Calling it again waits for the first call.
 */
export async function closeServer(server: Server, withinMs: number = SHUTDOWN_WITHIN_MS): Promise<'drained' | 'cut'> {
  let outcome: 'drained' | 'cut' = 'drained';
  // Node ends the connections that are idle when closing begins; one that falls idle later would stay for its keep-alive.
  const idle = setInterval(() => server.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  const deadline = setTimeout(() => {
    outcome = 'cut';
    server.server.closeAllConnections();
  }, withinMs);
  try {
    await server.close();
  } finally {
    clearInterval(idle);
    clearTimeout(deadline);
  }
  return outcome;
}

/** Calls `stop` on the first SIGINT or SIGTERM. A second one ends the process as it would without a handler. */
export function onStopSignal(stop: (signal: NodeJS.Signals) => void): void {
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  const handler = (signal: NodeJS.Signals) => {
    for (const each of signals) process.removeListener(each, handler);
    stop(signal);
  };
  for (const signal of signals) process.on(signal, handler);
}
