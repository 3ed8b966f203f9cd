// source.ts: where messages come from: simulated traffic or a file.

import type { Answer } from './answer.ts';
import type { Expectation } from './expectations.ts';

export type JsonObject = { readonly [name: string]: unknown };

export type Outgoing = {
  readonly message: JsonObject;
  readonly expectation: Expectation;
  /** Called once with the answer; not when the message was lost or refused. */
  readonly answered?: (answer: Answer, nowMs: number) => void;
};

export interface Source {
  /** The next message to send at `nowMs`, or undefined when there is none left. Rejects with `InputError`. */
  next(nowMs: number): Promise<Outgoing | undefined>;
  /** Follow-ups that wait for their moment. */
  readonly waiting: number;
  /** Lets go of what it reads from. */
  close(): void;
}

/** The input is not what it should be; its message is one sentence for the user. */
export class InputError extends Error {
  override name = 'InputError';
}
