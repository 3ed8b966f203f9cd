// streams.ts: the streams that are in memory, by name; those that nobody uses leave.

import type { DomainEvent, Recorded } from '@holdfast/domain';
import type { Position } from '@holdfast/journal';
import type { Aggregate } from './aggregate.ts';
import { StreamRuntime, type Surroundings } from './streamRuntime.ts';

/** What left memory with fewer events since its snapshot is read again quickly; more are saved first. */
const WORTH_SAVING = 100;

export type Streams<State, Event extends DomainEvent> = {
  of(stream: string): StreamRuntime<State, Event>;
  readonly size: number;
  /** Lets unused streams go while there are too many, or they hold too much: those not used for longest, roughly. */
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

  /** Looks at each twice at most: what was used since the last look has a second chance. Leaves room for `more`. */
  function trim(more = 0): void {
    const { residents } = around;
    let looks = 2 * runtimes.size;
    for (const [stream, runtime] of runtimes) {
      const enough = runtimes.size + more <= most && residents.count <= residents.most;
      if (enough || looks-- === 0) return;
      runtimes.delete(stream);
      if (mayLeave(runtime)) runtime.forget();
      else runtimes.set(stream, runtime); // At the end, where it is looked at last.
    }
  }

  /** One whose snapshot cannot be written leaves without: the log has everything. */
  function mayLeave(runtime: StreamRuntime<State, Event>): boolean {
    const { used } = runtime;
    runtime.used = false;
    if (used || !runtime.dispensable) return false;
    if (runtime.unsaved < WORTH_SAVING || runtime.saveFailed) return true;
    void runtime.save();
    return false;
  }

  return {
    of(stream) {
      const known = runtimes.get(stream);
      if (known !== undefined) return known;
      if (runtimes.size >= most) trim(1);
      const runtime = new StreamRuntime(stream, aggregate, around, onDurable);
      runtimes.set(stream, runtime);
      return runtime;
    },
    get size() {
      return runtimes.size;
    },
    trim: () => trim(),
    async settle() {
      for (const runtime of runtimes.values()) await runtime.drained();
      const worth = [...runtimes.values()].filter(({ unsaved }) => unsaved >= WORTH_SAVING);
      await Promise.all(worth.map((runtime) => runtime.save()));
    },
  };
}
