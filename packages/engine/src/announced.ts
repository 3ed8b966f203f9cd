// announced.ts: the authorizers that the log knows, and whether each of them has a change in force.

import { type Authorizer, type AuthorizerEvent, evolveAuthorizer, type Recorded } from '@holdfast/domain';
import { decode, STREAM_PREFIXES } from '@holdfast/events';
import type { JournalReader, Position } from '@holdfast/journal';
import type { Change } from './seat.ts';

export type Announced = Authorizer & {
  /** Of the event with which the process that has the name now took it. */
  readonly since: Position;
};

export function announce(
  known: Announced | undefined,
  event: Recorded<AuthorizerEvent>,
  position: Position,
): Announced {
  const authorizer = evolveAuthorizer(known, event);
  return { ...authorizer, since: event.type === 'AuthorizerStarted' ? position : (known?.since ?? position) };
}

/** All that ever had a name on this log, in the order of the names. Rejects with the journal's error. */
export async function announcedAuthorizers(log: JournalReader): Promise<readonly Announced[]> {
  const found = new Map<string, Announced>();
  for await (const { events } of log.readAll({ filter: { streamPrefixes: [STREAM_PREFIXES.authorizer] } })) {
    for (const stored of events) {
      const event = decode(stored) as Recorded<AuthorizerEvent>;
      found.set(event.data.name, announce(found.get(event.data.name), event, stored.position));
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Names, in order, of those that may still decide without `change`. One that started after it has read it before it
 * served.
 */
export function unconfirmed(authorizers: Iterable<Announced>, { stream, revision, position }: Change): string[] {
  return [...authorizers]
    .filter(({ status, since, confirmed }) => {
      return status === 'running' && since < position && (confirmed.get(stream) ?? -1) < revision;
    })
    .map(({ name }) => name)
    .sort();
}
