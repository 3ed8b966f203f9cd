// cluster.ts: several engines on one log, each with an index of its own, on a machine of its own that may die.

import type { Journal } from '@holdfast/journal';
import { type MemoryLog, openMemoryJournal } from '@holdfast/journal/memory';
import type { AccountIndex } from '../../accountIndex.ts';
import type { Clock } from '../../clock.ts';
import type { Engine } from '../../engine.ts';
import { type EngineOptions, openEngine } from '../../runtime.ts';
import { faultyIndex, type IndexFault } from '../faultyIndex.ts';
import { type Fault, faultyJournal } from '../faultyJournal.ts';
import { memoryIndex } from '../memoryIndex.ts';
import type { Random } from './random.ts';

export type Memory = Required<Pick<EngineOptions, 'maxAccounts' | 'maxResidents' | 'snapshotEvery'>>;

/** How often what goes wrong. All zero: nothing. */
export type Trouble = {
  /** Of an append. */
  readonly fault: number;
  /** Of a read, of the log or of the index. */
  readonly unreadable: number;
  /** Of a write to the index. */
  readonly indexFault: number;
};

/** Of what one engine wrote on its way to another. */
const LAG_MOST_MS = 400;

export const NO_TROUBLE: Trouble = { fault: 0, unreadable: 0, indexFault: 0 };

export type Cluster = {
  readonly size: number;
  /** Undefined while it is down. */
  engine(at: number): Engine | undefined;
  /** Its process is gone with everything in flight; some of it may still get to the log. */
  crash(at: number): void;
  /** Starts one that is down, if the log lets it. It is there after a while. */
  start(at: number): void;
  /** None is down. */
  readonly complete: boolean;
  /** From now on. */
  trouble: Trouble;
  readonly alarms: readonly string[];
  readonly crashes: number;
};

export type ClusterOptions = {
  readonly log: MemoryLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly size: number;
  readonly memory: Memory;
  /** The engines know of each other; a single one may do without. */
  readonly shared: boolean;
  readonly due: NonNullable<EngineOptions['due']>;
  readonly unfinished: NonNullable<EngineOptions['unfinished']>;
  /** Looks at every write to an index. */
  readonly onSnapshot: (stream: string, revision: number, snapshot: string) => void;
};

type Machine = {
  readonly name: string;
  engine: Engine | undefined;
  index: AccountIndex;
  process: { alive: boolean };
  starting: boolean;
};

export function openCluster(options: ClusterOptions): Cluster {
  const { log, clock, random, size, memory, shared, due, unfinished, onSnapshot } = options;
  const alarms: string[] = [];
  let crashes = 0;
  const machines: Machine[] = Array.from({ length: size }, (_, at) => ({
    name: `a${at}`,
    engine: undefined,
    index: watched(memoryIndex(), onSnapshot),
    process: { alive: false },
    starting: false,
  }));

  function nextFault(): Fault | undefined {
    if (!random.chance(cluster.trouble.fault)) return undefined;
    const ms = 1 + random.below(120);
    const kind = random.pick(['refused', 'answer_lost', 'request_lost', 'request_delayed', 'slow', 'slow'] as const);
    return kind === 'slow' || kind === 'request_delayed' ? { kind, ms } : { kind };
  }

  function nextIndexFault(): IndexFault | undefined {
    if (!random.chance(cluster.trouble.indexFault)) return undefined;
    return random.chance(0.5) ? { kind: 'fails' } : { kind: 'slow', ms: 1 + random.below(50) };
  }

  const unreadable = () => random.chance(cluster.trouble.unreadable);
  const lag = () => (random.chance(0.3) ? random.below(LAG_MOST_MS) : 0);

  function open(machine: Machine, process: Machine['process']): Promise<Engine> {
    const journal = faultyJournal(openMemoryJournal(log), clock, nextFault, unreadable, lag);
    return openEngine({
      ...memory,
      ...(shared ? { shared: { authorizer: machine.name } } : {}),
      journal: mortal(journal, process),
      index: faultyIndex(machine.index, clock, nextIndexFault, unreadable),
      clock: mortalClock(clock, process),
      random: random.fill,
      due,
      unfinished,
      alarm: (message, details) => alarms.push(`${message} ${JSON.stringify(details)}`),
    });
  }

  const cluster: Cluster = {
    size,
    alarms,
    trouble: NO_TROUBLE,
    get crashes() {
      return crashes;
    },
    engine: (at) => machines[at]?.engine,
    crash(at) {
      const machine = machines[at];
      if (machine === undefined || !machine.process.alive) return;
      crashes++;
      machine.engine = undefined;
      machine.starting = false;
      machine.process.alive = false;
      if (random.chance(0.4)) machine.index = watched(memoryIndex(), onSnapshot);
    },
    get complete() {
      return machines.every(({ engine }) => engine !== undefined);
    },
    start(at) {
      const machine = machines[at];
      if (machine === undefined || machine.engine !== undefined || machine.starting) return;
      machine.starting = true;
      const process = { alive: true };
      machine.process = process;
      const started = (engine: Engine | undefined): void => {
        if (!process.alive) return;
        machine.starting = false;
        machine.engine = engine;
        process.alive = engine !== undefined;
      };
      open(machine, process).then(started, () => started(undefined));
    },
  };
  return cluster;
}

/** What a dead process asked for may happen; it is never told, and asks for nothing more. */
function mortal(journal: Journal, process: { readonly alive: boolean }): Journal {
  const untold = new Promise<never>(() => {});
  return {
    ...journal,
    async append(stream, expected, events) {
      if (!process.alive) return untold;
      return journal.append(stream, expected, events).then(
        (appended) => (process.alive ? appended : untold),
        (error: Error) => (process.alive ? Promise.reject(error) : untold),
      );
    },
  };
}

function mortalClock(clock: Clock, process: { readonly alive: boolean }): Clock {
  return {
    now: clock.now,
    after: (ms, callback) =>
      clock.after(ms, () => {
        if (process.alive) callback();
      }),
  };
}

function watched(index: AccountIndex, onSnapshot: ClusterOptions['onSnapshot']): AccountIndex {
  return {
    ...index,
    write(write) {
      onSnapshot(write.stream, write.revision, write.snapshot);
      return index.write(write);
    },
  };
}
