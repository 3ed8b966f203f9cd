// outcome.ts: what an error of the client says about an append: section by section of the client's error classes.

import {
  AccessDeniedError,
  CancelledError,
  DeadlineExceededError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  TimeoutError,
  UnavailableError,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import type { ExpectedRevision } from '../journal.ts';

export type Failure =
  /** The stream is elsewhere: nothing was written. */
  | { readonly kind: 'wrong_revision'; readonly actual: ExpectedRevision }
  /** Nothing was written, and the same append never will be. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Nothing was written by this try; the server is starting, busy, or has no leader. */
  | { readonly kind: 'not_written'; readonly reason: string; readonly connectionLost: boolean }
  /** It may be written, or may still be. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly connectionLost: boolean };

/** Texts of a client's UnknownError that stand for answers which it does not know: the append was not looked at. */
const NOT_HANDLED = /Server Is (?:Busy|Too Busy|Not Ready)|No leader info/i;
/** The server's own refusals of one event that this client has no class for. */
const REFUSED = /MaximumAppendEventSizeExceeded|BadRequest/;

/** `UNAVAILABLE`: raised by the client before anything was sent, when it comes without a class of its own. */
const GRPC_UNAVAILABLE = 14;

export function failureOf(error: unknown): Failure {
  const reason = reasonOf(error);
  if (error instanceof WrongExpectedVersionError) {
    const { actualVersion } = error;
    const actual = typeof actualVersion === 'bigint' && actualVersion >= 0n ? Number(actualVersion) : 'no_stream';
    return { kind: 'wrong_revision', actual };
  }
  if (error instanceof StreamDeletedError) return { kind: 'refused', reason: 'the stream was deleted by hand' };
  if (error instanceof AccessDeniedError)
    return { kind: 'not_written', reason: 'access denied', connectionLost: false };
  if (error instanceof MaxAppendSizeExceededError) return { kind: 'refused', reason };
  if (error instanceof UnknownError && REFUSED.test(reason)) return { kind: 'refused', reason };
  if (error instanceof UnknownError && NOT_HANDLED.test(reason)) {
    return { kind: 'not_written', reason, connectionLost: false };
  }
  // It ends the stream on which all appends of the client travel: for the others, the outcome is unknown.
  if (error instanceof NotLeaderError) return { kind: 'unknown', reason: 'not the leader', connectionLost: true };
  if (error instanceof UnavailableError || error instanceof CancelledError) {
    return { kind: 'unknown', reason, connectionLost: true };
  }
  if (error instanceof DeadlineExceededError || error instanceof TimeoutError) {
    return { kind: 'unknown', reason: reason || 'timed out', connectionLost: false };
  }
  // Discovery and the question what the server can do come before the append is sent.
  if (isBeforeSending(error)) return { kind: 'not_written', reason, connectionLost: true };
  return { kind: 'unknown', reason, connectionLost: true };
}

function isBeforeSending(error: unknown): boolean {
  if (!(error instanceof Error) || 'type' in error) return false;
  return ('code' in error && error.code === GRPC_UNAVAILABLE) || error.message.startsWith('Failed to discover');
}

/** What gRPC puts around the words that help. */
const WRAPPINGS = [
  /^\d+ [A-Z_]+: /,
  /^No connection established\. Last error: (?:Error: )?/,
  /\.? *Resolution note: *$/,
];

/** One line; the client's errors often have an empty message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [line = ''] = error.message.split('\n');
  const plain = WRAPPINGS.reduce((text, wrapping) => text.replace(wrapping, ''), line).trim();
  return plain === '' ? error.constructor.name : plain;
}
