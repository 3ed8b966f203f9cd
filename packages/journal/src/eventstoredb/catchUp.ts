// catchUp.ts: the whole log from a position on, as pages, over one subscription of the client.

import type {
  AllStreamResolvedEvent,
  AllStreamSubscription,
  EventStoreDBClient,
  Filter as ServerFilter,
} from '@eventstore/db-client';
import { eventTypeFilter, START, streamNameFilter } from '@eventstore/db-client';
import { passes } from '../checkRead.ts';
import type { Filter, Page, Position, StoredEvent } from '../journal.ts';
import { isOurs, toStoredEvent } from './clientEvents.ts';

const PAGE_EVENTS = 500;
/** Events that wait for the consumer before the server is told to wait. */
const BUFFERED_EVENTS = 2 * PAGE_EVENTS;
/** Positions are 64 bits; a server before its first record says -1, and some versions send it as a checkpoint. */
const POSITION_MOST = 2n ** 63n - 1n;
const SYSTEM_EVENTS_EXCLUDED = '^[^$].*';

/** `caughtUp`: everything up to the head of when the subscription began has been given. */
export type CaughtUpPage = Page & { readonly caughtUp: boolean };

/** One subscription to `$all`; it ends with the first error, and its user begins another one where this one stood. */
export class CatchUp {
  readonly #subscription: AllStreamSubscription;
  readonly #before: string;
  readonly #filter: Filter;
  readonly #head: Position;
  #events: StoredEvent[] = [];
  #position: Position;
  #checkpoint: Position;
  #live = false;
  #paused = false;
  #failed: { readonly error: unknown } | undefined;
  #wake = (): void => {};

  /** Begins strictly after `after`. `head` is where the log stood before: when the server has caught up, that was read. */
  constructor(client: EventStoreDBClient, before: string, after: Position, head: Position, filter: Filter) {
    this.#before = before;
    this.#filter = filter;
    this.#position = after;
    this.#checkpoint = after;
    this.#head = head;
    this.#subscription = client.subscribeToAll({
      fromPosition: after === 0n ? START : { commit: after, prepare: after },
      filter: serverFilter(before, filter, (position) => this.#onCheckpoint(position)),
      requiresLeader: true,
    });
    this.#subscription.on('data', (resolved) => this.#onEvent(resolved));
    this.#subscription.on('caughtUp', () => {
      this.#live = true;
      this.#wake();
    });
    // Not all of these come: an error may come without an end, and an end without an error.
    this.#subscription.on('error', (error) => this.#fail(error));
    this.#subscription.on('end', () => this.#fail(new Error('the server ended the subscription')));
    this.#subscription.on('close', () => this.#fail(new Error('the subscription was closed')));
  }

  /**
   * The next page: undefined when there was none within `withinMs`. Throws what ended the subscription, after the
   * events that came before it.
   */
  async next(withinMs: number, signal: AbortSignal): Promise<CaughtUpPage | undefined> {
    if (!this.#hasNews()) await this.#news(withinMs, signal);
    if (!this.#hasNews()) {
      if (this.#failed !== undefined) throw this.#failed.error;
      return undefined;
    }
    const events = this.#events.length <= PAGE_EVENTS ? this.#events : this.#events.slice(0, PAGE_EVENTS);
    this.#events = this.#events.length <= PAGE_EVENTS ? [] : this.#events.slice(PAGE_EVENTS);
    this.#position = max(this.#position, events.at(-1)?.position ?? 0n);
    const settled = this.#settled();
    if (settled) this.#position = this.#reached();
    if (this.#paused && this.#events.length === 0) {
      this.#paused = false;
      this.#subscription.resume();
    }
    const caughtUp = settled && this.#live;
    if (caughtUp) this.#told = true;
    return { events, position: this.#position, caughtUp };
  }

  /** The first page that says so has been given. */
  #told = false;

  async close(): Promise<void> {
    await this.#subscription.unsubscribe().catch(() => {});
    this.#subscription.destroy();
  }

  #hasNews(): boolean {
    if (this.#events.length > 0) return true;
    return this.#settled() && (this.#reached() > this.#position || (this.#live && !this.#told));
  }

  /** Nothing that was received is still on its way: what the server said last about its progress holds. */
  #settled(): boolean {
    return this.#events.length === 0 && this.#subscription.readableLength === 0;
  }

  #reached(): Position {
    const reached = max(this.#position, this.#checkpoint);
    return this.#live ? max(reached, this.#head) : reached;
  }

  async #news(withinMs: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = Number.isFinite(withinMs) ? setTimeout(resolve, withinMs) : undefined;
    this.#wake = () => {
      if (this.#failed !== undefined || this.#hasNews()) resolve();
    };
    const stop = (): void => resolve();
    signal.addEventListener('abort', stop);
    if (signal.aborted) resolve();
    this.#wake();
    await promise;
    signal.removeEventListener('abort', stop);
    this.#wake = () => {};
    clearTimeout(timer);
  }

  #onEvent({ event }: AllStreamResolvedEvent): void {
    if (event === undefined || this.#failed !== undefined) return;
    const { streamId, type, position } = event;
    const stream = streamId.slice(this.#before.length);
    if (!isOurs(event, this.#before) || !passes(this.#filter, { stream, type })) {
      this.#checkpoint = max(this.#checkpoint, position.commit);
    } else {
      try {
        this.#events.push(toStoredEvent(event, this.#before));
      } catch (error) {
        this.#fail(error);
        return;
      }
    }
    if (this.#events.length >= BUFFERED_EVENTS && !this.#paused) {
      this.#paused = true;
      this.#subscription.pause();
    }
    this.#wake();
  }

  #onCheckpoint({ commit, prepare }: { readonly commit: bigint; readonly prepare: bigint }): void {
    if (commit > POSITION_MOST || prepare > POSITION_MOST) return;
    this.#checkpoint = max(this.#checkpoint, commit);
    this.#wake();
  }

  #fail(error: unknown): void {
    this.#failed ??= { error };
    this.#wake();
  }
}

/** What the server can leave out; `passes` is asked about the rest. */
function serverFilter(
  before: string,
  { streamPrefixes, types }: Filter,
  onCheckpoint: (position: { commit: bigint; prepare: bigint }) => void,
): ServerFilter {
  const checkpoints = {
    checkpointInterval: 1,
    checkpointReached: async (_: unknown, position: { commit: bigint; prepare: bigint }) => onCheckpoint(position),
  };
  if (streamPrefixes !== undefined) {
    return streamNameFilter({ prefixes: streamPrefixes.map((prefix) => before + prefix), ...checkpoints });
  }
  if (types !== undefined) return eventTypeFilter({ prefixes: [...types], ...checkpoints });
  if (before !== '') return streamNameFilter({ prefixes: [before], ...checkpoints });
  return eventTypeFilter({ regex: SYSTEM_EVENTS_EXCLUDED, ...checkpoints });
}

function max(a: Position, b: Position): Position {
  return a > b ? a : b;
}
