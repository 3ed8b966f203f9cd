// tail.ts: the durable events after a stream's last snapshot, kept once another engine has written there: to lose a race leaves
// nothing of the state, and read again from the log, a busy stream would never be caught up with before the next one is lost.

import type { DomainEvent, Recorded } from '@holdfast/domain';

export class Tail<Event extends DomainEvent> {
  #events: Recorded<Event>[] = [];
  #lostSinceSnapshot = true;

  /** Another race was lost. */
  lost(): void {
    this.#lostSinceSnapshot = true;
  }

  add(events: readonly Recorded<Event>[]): void {
    this.#events.push(...events);
  }

  /** Those after the snapshot at `indexed`; none, and it begins anew, when the first of them is missing. */
  after(indexed: number): readonly Recorded<Event>[] {
    const events = this.#events.filter(({ revision }) => revision > indexed);
    this.#events = events[0]?.revision === indexed + 1 ? events : [];
    return [...this.#events];
  }

  /** A snapshot at `indexed` was written. False when no race was lost for as long as that took: it is needed no longer. */
  shorten(indexed: number): boolean {
    const isNeeded = this.#lostSinceSnapshot;
    this.#events = this.#events.filter(({ revision }) => revision > indexed);
    this.#lostSinceSnapshot = false;
    return isNeeded;
  }
}
