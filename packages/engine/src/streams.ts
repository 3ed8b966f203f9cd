// streams.ts: the streams that are in memory, by name; those that nobody uses leave.

import type { DomainEvent, Recorded } from '@holdfast/domain';
import type { Position } from '@holdfast/journal';
import type { Aggregate } from './aggregate.ts';
import { savesEnough } from './saving.ts';
import { StreamRuntime } from './streamRuntime.ts';
import type { Surroundings } from './surroundings.ts';

/** What left memory with fewer events since its snapshot is read again quickly; more are saved first. */
const WORTH_SAVING = 32;

/**
 * What stays, since it is used, lets go of its past for as few: of many accounts that are all in use, each may have little
 * in memory, and all together too much.
 */
const WORTH_SHRINKING = 4;

/** Snapshots that are written at once when nothing is decided any more. */
const SAVES_AT_STOP = 8;

export type Streams<State, Event extends DomainEvent> = {
  /** By its name as `@holdfast/events` writes it or the log has it: that text is kept. */
  of(stream: string): StreamRuntime<State, Event>;
  readonly size: number;
  /** Lets unused streams go while there are too many, or they hold too much: those not used for longest, roughly. */
  trim(): void;
  /** Resolves when everything that was decided until now has a definite outcome. */
  definite(): Promise<void>;
  /** Resolves when everything accepted is answered and what is worth it is saved. */
  settle(): Promise<void>;
};

export function createStreams<State, Event extends DomainEvent>(
  aggregate: Aggregate<State, Event>,
  around: Surroundings,
  most: number,
  onDurable?: (events: readonly Recorded<Event>[], position: Position) => void,
): Streams<State, Event> {
  const kind = { aggregate, around, onDurable };
  const runtimes = new Map<string, StreamRuntime<State, Event>>();

  const memoryIsShort = (): boolean => around.residents.count > around.residents.most;
  /** Since the last tick, all were looked at and nothing more was found to save. */
  let exhausted = false;
  const enough = (more = 0): boolean => runtimes.size + more <= most && !memoryIsShort();

  /**
   * Looks at each twice at most. What was used since the last look stays, and lets go of its past: were it to leave whole,
   * it would be read again at once. Leaves room for `more`.
   */
  function trim(more = 0): void {
    // Whoever is saved goes on, or the next tick does.
    if (more === 0 && savesEnough(around.saving)) return;
    let looks = 2 * runtimes.size;
    for (const [stream, runtime] of runtimes) {
      if (enough(more)) return;
      if (looks-- === 0) {
        exhausted ||= more === 0;
        return;
      }
      const { used } = runtime;
      runtime.used = false;
      if (!used && mayLeave(runtime)) {
        leave(stream, runtime);
        continue;
      }
      // At the end, where it is looked at last.
      runtimes.delete(stream);
      runtimes.set(stream, runtime);
      if (savesEnough(around.saving) || (used && !memoryIsShort())) continue;
      if (!canBeSaved(runtime, used ? WORTH_SHRINKING : WORTH_SAVING)) continue;
      void save(stream, runtime, used).then(trimAfter);
      if (savesEnough(around.saving)) return;
    }
  }

  /** What changed nothing is not tried again before the next tick, or it would be for ever. */
  const trimAfter = (tried: boolean): void => {
    if (tried && !exhausted) trim();
  };

  /** It is idle, and has so many events that it is worth it. */
  function canBeSaved({ dispensable, unsaved, saveFailed }: StreamRuntime<State, Event>, worth: number): boolean {
    return dispensable && unsaved >= worth && !saveFailed;
  }

  /** One whose snapshot cannot be written leaves without: the log has everything. */
  function mayLeave({ dispensable, unsaved, saveFailed }: StreamRuntime<State, Event>): boolean {
    return dispensable && (unsaved < WORTH_SAVING || saveFailed);
  }

  function leave(stream: string, runtime: StreamRuntime<State, Event>): void {
    runtimes.delete(stream);
    runtime.forget();
  }

  async function saveAll(left: Iterable<StreamRuntime<State, Event>>): Promise<void> {
    for (const runtime of left) await runtime.save();
  }

  /** Then it lets go of its past, since it is used, or leaves. Says whether it was tried. */
  async function save(stream: string, runtime: StreamRuntime<State, Event>, used: boolean): Promise<boolean> {
    const tried = await runtime.save();
    if (runtimes.get(stream) !== runtime) return tried;
    if (used) runtime.shrink();
    else if (!runtime.used && !enough() && mayLeave(runtime)) leave(stream, runtime);
    return tried;
  }

  return {
    of(stream) {
      const known = runtimes.get(stream);
      if (known !== undefined) return known;
      if (runtimes.size >= most) trim(1);
      const runtime = new StreamRuntime(stream, kind);
      runtimes.set(stream, runtime);
      return runtime;
    },
    get size() {
      return runtimes.size;
    },
    trim() {
      exhausted = false;
      trim();
    },
    definite: async () => {
      await Promise.all(runtimes.values().map((runtime) => runtime.definite()));
    },
    async settle() {
      for (const runtime of runtimes.values()) await runtime.drained();
      // A few at a time: the index does not take all at once.
      const left = runtimes.values().filter((runtime) => canBeSaved(runtime, WORTH_SAVING));
      await Promise.all(Array.from({ length: SAVES_AT_STOP }, () => saveAll(left)));
    },
  };
}
