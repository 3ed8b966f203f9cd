// authorizer.ts: one name under which a process decides network messages: state, decisions, in that order.

import type { AuthorizerEvent, Recorded } from '../events.ts';
import { invariant } from '../invariant.ts';

export type Authorizer = {
  readonly name: string;
  /** `stopped` by itself, having answered what it had accepted; `retired` by an operator, who says that it no longer runs. */
  readonly status: 'running' | 'stopped' | 'retired';
  /** The process that has the name now: another one at each start. */
  readonly instance: string;
  /** By stream, the revision since which this process decides by it and by nothing older. */
  readonly confirmed: Map<string, number>;
};

/** As in a host's name. */
export const AUTHORIZER_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export function evolveAuthorizer(authorizer: Authorizer | undefined, event: Recorded<AuthorizerEvent>): Authorizer {
  if (event.type === 'AuthorizerStarted') {
    const { name, instance } = event.data;
    return { name, status: 'running', instance, confirmed: new Map() };
  }
  invariant(authorizer !== undefined, `${event.type} of an authorizer that never started`);
  switch (event.type) {
    case 'ChangeConfirmed': {
      const { instance, stream, revision } = event.data;
      invariant(
        authorizer.status === 'running' && authorizer.instance === instance,
        `${instance} confirmed a change, and ${authorizer.name} is ${authorizer.status} as ${authorizer.instance}`,
      );
      // In place (decision 6): a copy for each would make thousands of programs take minutes.
      authorizer.confirmed.set(stream, revision);
      return authorizer;
    }
    case 'AuthorizerStopped':
      return { ...authorizer, status: 'stopped' };
    case 'AuthorizerRetired':
      return { ...authorizer, status: 'retired' };
    default:
      return event satisfies never;
  }
}

export type RetireRefusal = 'authorizer_not_found' | 'authorizer_not_running';

export function retireAuthorizer(
  authorizer: Pick<Authorizer, 'status'> | undefined,
  name: string,
): AuthorizerEvent | { readonly refusal: RetireRefusal } {
  if (authorizer === undefined) return { refusal: 'authorizer_not_found' };
  if (authorizer.status !== 'running') return { refusal: 'authorizer_not_running' };
  return { type: 'AuthorizerRetired', data: { name } };
}
