// seat.ts: the name under which this process decides network messages: taken before it serves, given back at the end, and
// meanwhile the word that a change is in force here.

import {
  type Authorizer,
  type AuthorizerEvent,
  type Instant,
  type Recorded,
  type RetireRefusal,
  retireAuthorizer,
} from '@holdfast/domain';
import { authorizerStream, commandIdOf, decode, encode, eventId } from '@holdfast/events';
import {
  type EventToAppend,
  type Journal,
  type JournalReader,
  type Position,
  WrongExpectedRevision,
} from '@holdfast/journal';
import { appendCertainly } from './appendCertainly.ts';
import type { Clock } from './clock.ts';
import { isTransient, SeatLost } from './errors.ts';

/** A change of what is wider than an account: the event at `revision` of `stream`. */
export type Change = { readonly stream: string; readonly revision: number; readonly position: Position };

export type Seat = {
  readonly name: string;
  readonly instance: string;
  /** Changes that stand before it in the log were known before anything was decided. */
  readonly since: Position;
  /** `change` is known here. It is confirmed once nothing that was decided without it can still get into the log. */
  confirm(change: Change): void;
  /** Rejects with `SeatLost` when another process has the name, or an operator has retired it; resolves never. */
  readonly lost: Promise<never>;
  /** Somebody has seen that the name has gone to another. */
  lose(why: string): void;
  /** To be called after the last answer: nobody waits for this process any more. */
  leave(): Promise<void>;
};

export type SeatOptions = {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly name: string;
  /** A UUID of this process. */
  readonly instance: string;
  /** Resolves when everything that was decided until now has a definite outcome. */
  readonly definite: () => Promise<void>;
};

const TRY_AGAIN_MS = 100;

/** Changes that are confirmed with one append: the log takes so many events at once and no more. */
const CONFIRMED_AT_ONCE = 200;

/** Rejects with the journal's error when the log cannot be read or written. */
export async function takeSeat({ journal, clock, name, instance, definite }: SeatOptions): Promise<Seat> {
  const stream = authorizerStream(name);
  const started = await write<never>(journal, clock, name, () => ({
    type: 'AuthorizerStarted',
    data: { name, instance },
  }));
  let { revision, occurredAt } = started;
  const toConfirm = new Map<string, number>();
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});
  let gone = false;
  let confirming: Promise<void> | undefined;

  function lose(why: string): void {
    gone = true;
    lost.reject(new SeatLost(name, why));
  }

  /** Where the last one of this process stands: whoever wrote after it was another. */
  async function add(events: readonly AuthorizerEvent[]): Promise<void> {
    occurredAt = Math.max(occurredAt, clock.now());
    const at = occurredAt;
    const appended = await appendCertainly(
      journal,
      clock,
      stream,
      revision,
      events.map((event, place) => encoded(stream, event, at, revision + 1 + place)),
    );
    ({ revision } = appended);
  }

  async function confirmAll(): Promise<void> {
    try {
      while (toConfirm.size > 0 && !gone) await confirmSome([...toConfirm].slice(0, CONFIRMED_AT_ONCE));
    } finally {
      // In the same turn as the last look: what comes from now on begins anew.
      confirming = undefined;
    }
  }

  async function confirmSome(changes: readonly (readonly [stream: string, revision: number])[]): Promise<void> {
    await definite();
    const confirmed = changes.map(
      ([changed, at]): AuthorizerEvent => ({
        type: 'ChangeConfirmed',
        data: { name, instance, stream: changed, revision: at },
      }),
    );
    try {
      await add(confirmed);
    } catch (error) {
      if (error instanceof WrongExpectedRevision) return lose('another process wrote under it');
      if (!isTransient(error)) throw error;
      await new Promise<void>((resolve) => void clock.after(TRY_AGAIN_MS, resolve));
      return;
    }
    for (const [changed, at] of changes) if (toConfirm.get(changed) === at) toConfirm.delete(changed);
  }

  return {
    name,
    instance,
    since: started.position,
    lost: lost.promise,
    lose,
    confirm(change) {
      if (change.position < started.position || change.revision <= (toConfirm.get(change.stream) ?? -1)) return;
      toConfirm.set(change.stream, change.revision);
      confirming ??= confirmAll().catch(lost.reject);
    },
    async leave() {
      // A change may come while one is being confirmed, and both words cannot stand at one place.
      while (confirming !== undefined && !gone) await confirming;
      if (gone) return;
      gone = true;
      await add([{ type: 'AuthorizerStopped', data: { name, instance } }]).catch((error: unknown) => {
        // It stays announced, which costs a program its pause until it starts again or is retired; or it is another's.
        if (!isTransient(error) && !(error instanceof WrongExpectedRevision)) throw error;
      });
    },
  };
}

/** Whoever waits for the authorizer of that name waits no longer. Rejects with the journal's error. */
export async function retire(
  journal: Journal,
  clock: Clock,
  name: string,
): Promise<{ readonly done: true } | { readonly refusal: RetireRefusal }> {
  const written = await write<{ readonly refusal: RetireRefusal }>(journal, clock, name, (authorizer) =>
    retireAuthorizer(authorizer, name),
  );
  return 'refusal' in written ? written : { done: true };
}

type Written = { readonly revision: number; readonly occurredAt: Instant; readonly position: Position };

async function write<Refused extends { readonly refusal: string }>(
  journal: Journal,
  clock: Clock,
  name: string,
  decide: (authorizer: Pick<Authorizer, 'status'> | undefined) => AuthorizerEvent | Refused,
): Promise<Written | Refused> {
  const stream = authorizerStream(name);
  for (;;) {
    const last = await readLast(journal, stream);
    const decided = decide(last);
    if ('refusal' in decided) return decided;
    const occurredAt = Math.max(last?.occurredAt ?? 0, clock.now());
    try {
      const event = encoded(stream, decided, occurredAt, (last?.revision ?? -1) + 1);
      return { ...(await appendCertainly(journal, clock, stream, last?.revision ?? 'no_stream', [event])), occurredAt };
    } catch (error) {
      // Another process wrote first: it is decided after that.
      if (!(error instanceof WrongExpectedRevision)) throw error;
    }
  }
}

type Last = Pick<Authorizer, 'status'> & Pick<Written, 'revision' | 'occurredAt'>;

/** The newest of a process's whole life; confirmations say nothing of it. */
async function readLast(journal: JournalReader, stream: string): Promise<Last | undefined> {
  let newest: Recorded<AuthorizerEvent> | undefined;
  for await (const page of journal.readStream(stream, { direction: 'backwards' })) {
    for (const stored of page) {
      const event = decode(stored) as Recorded<AuthorizerEvent>;
      newest ??= event;
      if (event.type === 'ChangeConfirmed') continue;
      const { revision, metadata } = newest;
      return { status: STATUS[event.type], revision, occurredAt: metadata.occurredAt };
    }
  }
  return undefined;
}

const STATUS = { AuthorizerStarted: 'running', AuthorizerStopped: 'stopped', AuthorizerRetired: 'retired' } as const;

/** `revision` is where it will stand: the same word at another place is another one. */
function encoded(stream: string, event: AuthorizerEvent, occurredAt: Instant, revision: number): EventToAppend {
  const commandId = commandIdOf(stream, String(revision), JSON.stringify(event));
  const actor = event.type === 'AuthorizerRetired' ? 'operator' : 'system';
  const correlationId = 'instance' in event.data ? event.data.instance : commandId;
  const { type, data, metadata } = encode(event, { occurredAt, commandId, correlationId, actor });
  return { id: eventId(stream, commandId, 0, type, data, metadata), type, data, metadata };
}
