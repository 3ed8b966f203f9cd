// authorizer.ts: events of the streams `authorizer-<name>`.

import type { Event } from './parts.ts';

/** A process that decides network messages takes the name; whatever had it before no longer runs. */
export type AuthorizerStarted = Event<'AuthorizerStarted', { readonly name: string; readonly instance: string }>;
/** Nothing that this process decided under an older version of `stream` than `revision` can still get into the log. */
export type ChangeConfirmed = Event<
  'ChangeConfirmed',
  { readonly name: string; readonly instance: string; readonly stream: string; readonly revision: number }
>;
/** Its own word, after the last answer. */
export type AuthorizerStopped = Event<'AuthorizerStopped', { readonly name: string; readonly instance: string }>;
/** An operator's word that it no longer runs. */
export type AuthorizerRetired = Event<'AuthorizerRetired', { readonly name: string }>;
export type AuthorizerEvent = AuthorizerStarted | ChangeConfirmed | AuthorizerStopped | AuthorizerRetired;
