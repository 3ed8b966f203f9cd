// streams.ts: the streams that are in memory, by name; those that nobody uses leave.

import type { DomainEvent, Recorded } from '@holdfast/domain';
import type { Position } from '@holdfast/journal';
import type { Aggregate } from './aggregate.ts';
import { SAVES_AT_ONCE, StreamRuntime, type Surroundings } from './streamRuntime.ts';

/** What left memory with fewer events since its snapshot is read again quickly; more are saved first. */
const WORTH_SAVING = 32;

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

  const enough = (more = 0): boolean => runtimes.size + more <= most && around.residents.count <= around.residents.most;

  /**
   * Looks at each twice at most. What was used since the last look stays, and lets go of its past: were it to leave whole,
   * it would be read again at once. Leaves room for `more`.
   */
  function trim(more = 0): void {
    // Goes on when they are saved.
    if (more === 0 && around.saving.count >= SAVES_AT_ONCE) return;
    let looks = 2 * runtimes.size;
    for (const [stream, runtime] of runtimes) {
      if (enough(more) || looks-- === 0) return;
      const { used } = runtime;
      runtime.used = false;
      if (!used && mayLeave(runtime)) {
        leave(stream, runtime);
        continue;
      }
      // At the end, where it is looked at last.
      runtimes.delete(stream);
      runtimes.set(stream, runtime);
      if (around.saving.count >= SAVES_AT_ONCE || !worthSaving(runtime)) continue;
      void (used ? runtime.shrink().then(trimOn) : saveAndLeave(stream, runtime));
      if (around.saving.count >= SAVES_AT_ONCE) return;
    }
  }

  const trimOn = (): void => trim();

  function worthSaving({ dispensable, unsaved, saveFailed }: StreamRuntime<State, Event>): boolean {
    return dispensable && unsaved >= WORTH_SAVING && !saveFailed;
  }

  /** One whose snapshot cannot be written leaves without: the log has everything. */
  function mayLeave({ dispensable, unsaved, saveFailed }: StreamRuntime<State, Event>): boolean {
    return dispensable && (unsaved < WORTH_SAVING || saveFailed);
  }

  function leave(stream: string, runtime: StreamRuntime<State, Event>): void {
    runtimes.delete(stream);
    runtime.forget();
  }

  async function saveAndLeave(stream: string, runtime: StreamRuntime<State, Event>): Promise<void> {
    await runtime.save();
    if (enough()) return;
    if (runtimes.get(stream) === runtime && !runtime.used && mayLeave(runtime)) leave(stream, runtime);
    trim();
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
      // One after the other: the index takes no more at once.
      for (const runtime of runtimes.values()) if (worthSaving(runtime)) await runtime.save();
    },
  };
}
