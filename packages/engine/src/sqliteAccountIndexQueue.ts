// sqliteAccountIndexQueue.ts: what waits to be written: bounded, in order, one transaction under way at a time.

import type { IndexWrite } from './accountIndex.ts';
import { AccountIndexFull, AccountIndexWriteFailed, INDEX_LIMITS, InvalidIndexWrite } from './accountIndex.ts';

type Waiting = {
  readonly write: IndexWrite;
  readonly characters: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
};

/** One transaction takes what waits, up to this: it bounds how long handing it over holds up the calling thread. */
const BATCH = { writes: 1000, characters: 4 * 1024 * 1024 } as const;

export interface WriteQueue {
  add(write: IndexWrite): Promise<void>;
  /** The transaction under way was committed, or failed with `failure`. */
  settle(failure?: string): void;
  /** No transaction will ever be answered again. */
  stop(failure: string): void;
  /** Resolves when nothing waits. */
  drained(): Promise<void>;
}

/** `begin` is given the writes of one transaction, and not called again before `settle`. */
export function createWriteQueue(begin: (writes: readonly IndexWrite[]) => void): WriteQueue {
  let waiting: Waiting[] = [];
  let underWay: Waiting[] = [];
  let queuedCharacters = 0;
  let whenDrained: (() => void)[] = [];
  let stopped: string | undefined;

  function refusalOf(write: IndexWrite, characters: number): Error | undefined {
    const wrong = characters > INDEX_LIMITS.writeCharacters ? `has ${characters} characters` : faultOf(write);
    if (wrong !== undefined) return new InvalidIndexWrite(`the index write of stream ${write.stream} ${wrong}`);
    if (stopped !== undefined) return failed(write.stream, stopped);
    // Whatever the size of this write: a refused one is never overtaken by a smaller one of the same stream.
    if (
      waiting.length + underWay.length >= INDEX_LIMITS.queuedWrites ||
      queuedCharacters >= INDEX_LIMITS.queuedCharacters
    ) {
      return new AccountIndexFull(
        `too much waits to be written to the account index: try stream ${write.stream} later`,
      );
    }
    return undefined;
  }

  function beginNext(): void {
    if (underWay.length > 0 || waiting.length === 0) return;
    let count = 0;
    for (let characters = 0; count < Math.min(waiting.length, BATCH.writes); count++) {
      characters += waiting[count]?.characters ?? 0;
      if (count > 0 && characters > BATCH.characters) break;
    }
    underWay = waiting.splice(0, count);
    begin(underWay.map(({ write }) => write));
  }

  function leave(these: readonly Waiting[], failure: string | undefined): void {
    for (const { write, characters, resolve, reject } of these) {
      queuedCharacters -= characters;
      if (failure === undefined) resolve();
      else reject(failed(write.stream, failure));
    }
  }

  function settle(failure?: string): void {
    const settled = underWay;
    underWay = [];
    leave(settled, failure);
    if (failure !== undefined) {
      const streams = new Set(settled.map(({ write }) => write.stream));
      leave(
        waiting.filter(({ write }) => streams.has(write.stream)),
        `an earlier write of the stream failed: ${failure}`,
      );
      waiting = waiting.filter(({ write }) => !streams.has(write.stream));
    }
    beginNext();
    if (underWay.length > 0) return;
    for (const resolve of whenDrained) resolve();
    whenDrained = [];
  }

  return {
    add(write) {
      const characters = charactersOf(write);
      const refusal = refusalOf(write, characters);
      if (refusal !== undefined) return Promise.reject(refusal);
      queuedCharacters += characters;
      return new Promise((resolve, reject) => {
        waiting.push({ write, characters, resolve, reject });
        beginNext();
      });
    },
    settle,
    stop(failure) {
      stopped ??= failure;
      leave(waiting, failure);
      waiting = [];
      settle(failure);
    },
    drained: () =>
      underWay.length === 0 ? Promise.resolve() : new Promise((resolve) => void whenDrained.push(resolve)),
  };
}

function failed(stream: string, failure: string): AccountIndexWriteFailed {
  return new AccountIndexWriteFailed(`stream ${stream} was not written to the account index: ${failure}`);
}

function charactersOf({ snapshot, keys }: IndexWrite): number {
  return snapshot.length + keys.byteLength;
}

/** Ill-formed text would come back as another text: SQLite keeps UTF-8, which has no lone surrogates. */
function faultOf({ stream, revision, snapshot, keys }: IndexWrite): string | undefined {
  if (!stream.isWellFormed() || !snapshot.isWellFormed()) return 'holds text that is not well-formed Unicode';
  if (!Number.isSafeInteger(revision) || revision < 0) return `has revision ${revision}`;
  if (keys.newest > revision) return `has a key of revision ${keys.newest} with a snapshot of revision ${revision}`;
  return undefined;
}
