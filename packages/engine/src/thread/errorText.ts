// errorText.ts: an error as it crosses to another thread, where it is one of the same class again.

import { InvariantBroken } from '@holdfast/domain';
import { EngineUnavailable, NotYetInForce, SeatLost, StreamQuarantined } from '../errors.ts';

export type ErrorText = {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** What some of them say beside. */
  readonly stream?: string;
  readonly authorizers?: readonly string[];
};

export function textOf(error: unknown): ErrorText {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined };
  const { name, message, stack } = error;
  if (error instanceof StreamQuarantined) return { name, message, stack, stream: error.stream };
  if (error instanceof NotYetInForce) return { name, message, stack, authorizers: error.authorizers };
  return { name, message, stack };
}

/** Of the engine's own classes; others keep their name and where they were thrown. */
export function errorOf({ name, message, stack, stream, authorizers }: ErrorText): Error {
  const error = ofClass(name, message, stream, authorizers);
  error.name = name;
  error.message = message;
  if (stack !== undefined) error.stack = stack;
  return error;
}

function ofClass(name: string, message: string, stream = '', authorizers: readonly string[] = []): Error {
  switch (name) {
    case 'EngineUnavailable':
      return new EngineUnavailable(message);
    case 'StreamQuarantined':
      return new StreamQuarantined(stream);
    case 'NotYetInForce':
      return new NotYetInForce(authorizers);
    case 'SeatLost':
      return new SeatLost('', '');
    case 'InvariantBroken':
      return new InvariantBroken(message);
    default:
      return new Error(message);
  }
}
