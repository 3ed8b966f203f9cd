// errors.ts: why the engine could not answer.

import { JournalUnavailable } from '@holdfast/journal';
import { AccountIndexUnreadable } from './accountIndex.ts';

/** The log cannot be written, is not caught up, or too much is queued: nothing is remembered, try again later. */
export class EngineUnavailable extends Error {
  override name = 'EngineUnavailable';
  readonly code = 'unavailable';
}

/** An invariant of this stream was broken: it decides nothing more until somebody has looked. DE39 96. */
export class StreamQuarantined extends Error {
  override name = 'StreamQuarantined';
  readonly code = 'quarantined';
  readonly stream: string;
  constructor(stream: string) {
    super(`stream ${stream} is quarantined: an invariant was broken; see the alarm in the log of this process`);
    this.stream = stream;
  }
}

/** Trouble with the log or the index that passes, as opposed to a log or a program that is wrong. */
export function isTransient(error: unknown): error is Error {
  return error instanceof JournalUnavailable || error instanceof AccountIndexUnreadable;
}

/** What the engine's callers are told of an error. */
export function asUnavailable(error: Error): Error {
  return isTransient(error) ? new EngineUnavailable(error.message) : error;
}

/** Another process has the name of this authorizer, or an operator has retired it: it must not decide any more. */
export class SeatLost extends Error {
  override name = 'SeatLost';
  readonly code = 'seat_lost';
  constructor(name: string, why: string) {
    super(`the authorizer name ${name} is no longer this process's: ${why}`);
  }
}

/** The change is recorded, and these authorizers have not confirmed it: the same call again waits for them again. */
export class NotYetInForce extends Error {
  override name = 'NotYetInForce';
  readonly code = 'not_yet_in_force';
  readonly authorizers: readonly string[];
  constructor(authorizers: readonly string[]) {
    super(`not yet in force on ${authorizers.join(', ')}`);
    this.authorizers = authorizers;
  }
}
