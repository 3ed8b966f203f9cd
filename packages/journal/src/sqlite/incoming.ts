// incoming.ts: appends that reached the writer and are not yet decided, in the order in which they were sent.

import type { FlatAppends } from '../flatAppends.ts';
import { EVENT_FIELDS, HEADER_FIELDS, readHeader } from '../flatAppends.ts';

export type IncomingAppend = {
  readonly stream: string;
  /** `NO_REVISION` for no_stream. */
  readonly expected: number;
  readonly count: number;
  /** The array that holds the texts of the events, and where the first one begins. */
  readonly texts: FlatAppends;
  readonly at: number;
};

export class Incoming {
  readonly #refill: () => void;
  #messages: FlatAppends[] = [];
  #message = 0;
  #at = 0;

  /** `refill` is called when nothing is left, and may `add` what was sent meanwhile. */
  constructor(refill: () => void) {
    this.#refill = refill;
  }

  add(message: FlatAppends): void {
    this.#messages.push(message);
  }

  /** The next append, or undefined; it stays the next one until `take`. */
  peek(): IncomingAppend | undefined {
    if (this.#messages.length === 0) this.#refill();
    const texts = this.#messages[this.#message];
    if (texts === undefined) return undefined;
    const { stream, expected, count } = readHeader(texts, this.#at);
    return { stream, expected, count, texts, at: this.#at + HEADER_FIELDS };
  }

  /** Leaves `append`, which `peek` gave, behind. */
  take(append: IncomingAppend): void {
    this.#at = append.at + append.count * EVENT_FIELDS;
    if (this.#at < append.texts.length) return;
    this.#at = 0;
    this.#message++;
    if (this.#message < this.#messages.length) return;
    this.#messages = [];
    this.#message = 0;
  }
}
