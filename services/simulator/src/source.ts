// source.ts: where messages come from: simulated traffic or a file.

import type { Answer } from './answer.ts';
import type { Expectation } from './expectations.ts';
import type { DisorderKind } from './traffic/disorder.ts';

export type JsonObject = { readonly [name: string]: unknown };

export type Outgoing = {
  readonly message: JsonObject;
  readonly expectation: Expectation;
  /** The number of the purchase that it belongs to, within its seed. */
  readonly purchase?: number;
  /** It was sent before, and is sent again. */
  readonly again?: boolean;
  readonly disorder?: readonly DisorderKind[];
  /** When it could have been sent at the earliest, in milliseconds; left out: whenever the schedule says. */
  readonly readyAtMs?: number;
  /** Called once with the answer; not when the message was lost or refused. */
  readonly answered?: (answer: Answer, nowMs: number) => void;
  /** Called once, after `answered`, also when there was no answer. */
  readonly ended?: (nowMs: number) => void;
};

export interface Source {
  /**
   * The next message to send at `nowMs` or, when nothing is due, as soon as something is; undefined when there is none
   * left, or `stop` is aborted meanwhile. Rejects with `InputError`.
   */
  next(nowMs: number, stop?: AbortSignal): Promise<Outgoing | undefined>;
  /** Follow-ups that wait for their moment. */
  readonly waiting: number;
  /** Lets go of what it reads from. */
  close(): void;
}

/** The input is not what it should be; its message is one sentence for the user. */
export class InputError extends Error {
  override name = 'InputError';
}
