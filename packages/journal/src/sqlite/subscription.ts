// subscription.ts: catch up, wait for a signal, catch up again.

import { setImmediate } from 'node:timers/promises';
import type { Page, Subscription, SubscriptionOptions } from '../journal.ts';

export type Source = {
  head(): number;
  pages(after: number, upTo: number): Iterable<Page>;
  /** Calls `wake` after the head has moved, until the returned function is called. */
  onMove(wake: () => void): () => void;
};

/**
 * Reads from the log only, never from what the signal says: so nothing is lost or doubled between catching up and
 * live. Between pages the event loop gets a turn, so that catching up does not starve the rest of the process.
 */
export function startSubscription(
  source: Source,
  start: number,
  { onPage, onCaughtUp }: Pick<SubscriptionOptions, 'onPage' | 'onCaughtUp'>,
): Subscription {
  let closing = false;
  let wake = (): void => {};

  async function run(): Promise<void> {
    let position = start;
    // The first page comes after `subscribe` has returned.
    await setImmediate();
    while (!closing) {
      const head = source.head();
      for (const page of source.pages(position, head)) {
        await onPage(page);
        if (closing) return;
        position = Number(page.position);
        await setImmediate();
        if (closing) return;
      }
      await onCaughtUp?.(BigInt(position));
      await moved(position);
    }
  }

  /** No turn of the event loop between looking at the head and listening: no signal is missed. */
  async function moved(position: number): Promise<void> {
    if (closing || source.head() > position) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const check = (): void => {
      if (closing || source.head() > position) resolve();
    };
    wake = check;
    const stopListening = source.onMove(check);
    await promise.finally(stopListening);
  }

  const ended = run();
  return {
    ended,
    close: async () => {
      closing = true;
      wake();
      await ended.catch(() => {});
    },
  };
}
