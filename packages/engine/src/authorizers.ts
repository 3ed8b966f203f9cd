// authorizers.ts: this engine among others on one log: what they wrote becomes known here, and a change of what is wider
// than an account counts as made once it is in force on every one that decides network messages.

import { type AuthorizerEvent, InvariantBroken, type Recorded } from '@holdfast/domain';
import type { Journal, Position } from '@holdfast/journal';
import type { AccountIndex } from './accountIndex.ts';
import { unconfirmed } from './announced.ts';
import type { Clock } from './clock.ts';
import { NotYetInForce } from './errors.ts';
import { loadRegistry, type Registry } from './registry.ts';
import { readRegistry, writeRegistry } from './registrySnapshot.ts';
import { type Change, type Seat, takeSeat } from './seat.ts';

export type Shared = {
  /** The lasting name under which this engine decides network messages. Left out: it decides none. */
  readonly authorizer?: string;
};

export type Authorizers = {
  readonly registry: Registry;
  /** What others had written when this was called is known once it resolves. Rejects with the journal's error. */
  current(): Promise<void>;
  /** Resolves when `change` is in force everywhere. Rejects with `NotYetInForce`, or with the journal's error. */
  inForce(change: Change): Promise<void>;
  /** Keeps what is known for the next start. Rejects with the journal's error, or the index's. */
  save(): Promise<void>;
  /** Rejects with `SeatLost`, or when the log cannot be followed any more; resolves never. */
  readonly failed: Promise<never>;
  /** To be called after the last answer. */
  close(): Promise<void>;
};

export type AuthorizersOptions = {
  readonly journal: Journal;
  readonly index: AccountIndex;
  readonly clock: Clock;
  /** Undefined: nobody else writes this log. */
  readonly shared: Shared | undefined;
  /** A UUID of this process. */
  readonly instance: string;
  /** Resolves when everything that this engine decided until now has a definite outcome. */
  readonly definite: () => Promise<void>;
  /** How long a change may take to be in force. */
  readonly withinMs: number;
};

/** Rejects with the journal's error when the log cannot be read, or the name not be taken. */
export async function openAuthorizers(options: AuthorizersOptions): Promise<Authorizers> {
  const { journal, index, clock, shared, instance, definite, withinMs } = options;
  if (shared === undefined) {
    const registry = await loadRegistry(journal);
    const failed = new Promise<never>(() => {});
    return { registry, current: nothing, inForce: definite, failed, save: nothing, close: nothing };
  }

  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  const waiting = new Set<() => void>();
  let closing = false;

  // Older than the announcement: a change that stands after that is read from the log, and confirmed.
  const saved = await readRegistry(index, journal);
  // Announced before it reads: whoever changes something later waits for this engine, and what is earlier is read now.
  const name = shared.authorizer;
  const seat = name === undefined ? undefined : await takeSeat({ journal, clock, name, instance, definite });
  seat?.lost.catch(failed.reject);
  const registry = await loadRegistry(journal, {
    saved,
    onChange: (change) => seat?.confirm(change),
    onAuthorizer: (event, position) => {
      if (seat !== undefined) loseTo(seat, event, position);
      for (const look of [...waiting]) look();
    },
  });
  registry.follow().then(
    () => {
      if (!closing) failed.reject(new InvariantBroken('the log is not followed any more'));
    },
    (error: unknown) => failed.reject(error),
  );

  async function inForce(change: Change): Promise<void> {
    // Whoever was announced before the change is known from here on; whoever is later, has read it.
    await registry.current();
    const missing = () => unconfirmed(registry.authorizers.values(), change);
    await new Promise<void>((resolve, reject) => {
      const cancel = clock.after(withinMs, () => end(() => reject(new NotYetInForce(missing()))));
      const end = (settle: () => void): void => {
        waiting.delete(look);
        cancel();
        settle();
      };
      const look = (): void => {
        if (missing().length === 0) end(resolve);
      };
      waiting.add(look);
      look();
    });
  }

  async function save(): Promise<void> {
    const snapshot = await registry.snapshot();
    if (snapshot !== undefined) await writeRegistry(index, snapshot);
  }

  return {
    registry,
    current: registry.current,
    save,
    inForce,
    failed: failed.promise,
    async close() {
      closing = true;
      await seat?.leave();
      await registry.close();
    },
  };
}

async function nothing(): Promise<void> {}

/** Another process under the same name, or an operator's word that this one no longer runs. */
function loseTo(seat: Seat, { type, data }: Recorded<AuthorizerEvent>, position: Position): void {
  if (data.name !== seat.name || position <= seat.since) return;
  if (type === 'AuthorizerRetired') seat.lose('an operator has retired it, and it runs');
  if (type === 'AuthorizerStarted') seat.lose(`process ${data.instance} has started under it`);
}
