// announced.ts: the authorizers that the log knows, and whether each of them has a change in force.

import { type Authorizer, type AuthorizerEvent, evolveAuthorizer, type Recorded } from '@holdfast/domain';
import type { Position } from '@holdfast/journal';
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
