// copies.ts: one message on its way, and what a network makes of it beside: the same again, also in parallel, and repeats.

import type { Answer } from '../answer.ts';
import type { MessageExpectation } from '../expectations.ts';
import type { DisorderKind, Mishap } from './disorder.ts';
import type { SimulatedMessage } from './message.ts';
import { after, type Send, type Stage } from './stage.ts';

export type Delivery = {
  readonly purchase: number;
  readonly message: SimulatedMessage;
  readonly expected: Omit<MessageExpectation, 'of' | 'message' | 'before'>;
  readonly disorder: readonly DisorderKind[];
  readonly mishap: Mishap;
  /**
   * The repeat is on its way at the same time, and before it. It has another time: where others name the message by its
   * time, or its time says that it was sent before another one, that must not be lost.
   */
  readonly repeatMayComeFirst: boolean;
  readonly answered: (answer: Answer, nowMs: number) => void;
};

/** Every copy must get the answer of the others. */
export function delivery(stage: Stage, { purchase, message, expected, mishap, ...delivery }: Delivery): Send {
  const before: Answer[] = [];
  const expectation: MessageExpectation = { of: 'message', message, ...expected, before };
  const copy =
    (kind: 'duplicates' | 'repeats'): Send =>
    (nowMs) => ({
      message: kind === 'repeats' ? repeated(message, nowMs) : message,
      purchase,
      expectation,
      again: true,
      disorder: [kind],
      answered: (answer) => before.push(answer),
    });
  const { duplicate, repeat, inParallel } = mishap;
  const repeatFirst = repeat && inParallel && delivery.repeatMayComeFirst;
  const later = [
    ...(duplicate && !inParallel ? [copy('duplicates')] : []),
    ...(repeat && !repeatFirst ? [copy('repeats')] : []),
  ];
  const first: Send = () => ({
    message,
    purchase,
    expectation,
    disorder: delivery.disorder,
    answered: (answer, atMs) => {
      before.push(answer);
      for (const each of later) stage.at(after(stage, atMs, 'again', mishap.waits.again), each);
      delivery.answered(answer, atMs);
    },
  });
  return (nowMs) => {
    if (repeatFirst) stage.at(nowMs, first);
    if (duplicate && inParallel) stage.at(nowMs, copy('duplicates'));
    return repeatFirst ? copy('repeats')(nowMs) : first(nowMs);
  };
}

function repeated(message: SimulatedMessage, nowMs: number): SimulatedMessage {
  return { ...message, repeat: true, transmitted_at: new Date(nowMs + 1).toISOString() };
}
