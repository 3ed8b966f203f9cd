// streams.ts: the streams that are in memory, by name; those that nobody uses leave.

import type { DomainEvent, Recorded } from '@holdfast/domain';
import type { Position } from '@holdfast/journal';
import type { Aggregate } from './aggregate.ts';
import { StreamRuntime, type Surroundings } from './streamRuntime.ts';

/** A stream that was used this recently stays, even when there are too many. */
const RECENT_MS = 10_000;

/** What left memory with fewer events since its snapshot is read again quickly; more are saved first. */
const WORTH_SAVING = 100;

export type Streams<State, Event extends DomainEvent> = {
  of(stream: string): StreamRuntime<State, Event>;
  readonly size: number;
  /** Lets unused streams go while there are too many, or they hold too much. */
  trim(): void;
  /** Resolves when everything accepted is answered and what is worth it is saved. */
  settle(): Promise<void>;
};

export function createStreams<State, Event extends DomainEvent>(
  aggregate: Aggregate<State, Event>,
  around: Surroundings,
  most: number,
  onDurable?: (events: readonly Recorded<Event>[], position: Position) => void,
): Streams<State, Event> {
  const runtimes = new Map<string, StreamRuntime<State, Event>>();

  function trim(): void {
    const { residents, clock } = around;
    const enough = () => runtimes.size <= most && residents.count <= residents.most;
    if (enough()) return;
    const before = clock.now() - RECENT_MS;
    for (const [stream, runtime] of runtimes) {
      if (enough()) return;
      if (!runtime.dispensable || runtime.usedAt > before) continue;
      if (runtime.unsaved >= WORTH_SAVING) {
        void runtime.save();
      } else {
        runtime.forget();
        runtimes.delete(stream);
      }
    }
  }

  return {
    of(stream) {
      const known = runtimes.get(stream);
      if (known !== undefined) return known;
      const runtime = new StreamRuntime(stream, aggregate, around, onDurable);
      runtimes.set(stream, runtime);
      return runtime;
    },
    get size() {
      return runtimes.size;
    },
    trim,
    async settle() {
      for (const runtime of runtimes.values()) await runtime.drained();
      const worth = [...runtimes.values()].filter(({ unsaved }) => unsaved >= WORTH_SAVING);
      await Promise.all(worth.map((runtime) => runtime.save()));
    },
  };
}
