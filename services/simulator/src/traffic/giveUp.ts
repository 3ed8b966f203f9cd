// giveUp.ts: a request whose answer nobody hears: the network takes it back, and then it is asked anew.

import type { Outgoing } from '../source.ts';
import type { Mishap } from './disorder.ts';
import { isDecided, type SimulatedMessage } from './message.ts';
import type { Purchase } from './purchase.ts';
import { after, type Send, type Stage } from './stage.ts';
import { type Step, step } from './step.ts';
import { type Known, type Thread, threadOf, written } from './written.ts';

/** Nothing is held for a card that does not exist, and nothing is taken back of what moves no money. */
export function canGiveUp({ type }: Step, { unknownCard }: Purchase): boolean {
  return isDecided(type) && type !== 'balance_inquiry' && type !== 'account_verification' && !unknownCard;
}

/**
 * Sends the request and its reversal, the reversal without waiting for the answer when the mishap is `inParallel`; `then`
 * once both are answered, or lost. What begins a purchase (`first` is undefined) is a transaction of its own.
 */
export function giveUp(
  stage: Stage,
  thread: Thread,
  each: Step,
  known: Pick<Known, 'first' | 'authorizationCode'>,
  { inParallel, waits }: Mishap,
  then: (nowMs: number) => void,
): Send {
  return (nowMs) => {
    const stamp = stage.stamp();
    const own = known.first === undefined ? threadOf(thread.purchase, thread.link, stamp, nowMs) : thread;
    const request = written(own, each, { ...known, meant: undefined }, stamp, nowMs);
    let open = 2;
    const ended = (atMs: number) => {
      open -= 1;
      if (open === 0) then(atMs);
    };
    const reverse: Send = (atMs) => {
      const type = waits.again < 0.5 ? 'reversal' : 'reversal_advice';
      const meant = { first: request, meant: request, authorizationCode: undefined };
      const reversal = written(own, step(type, undefined), meant, stage.stamp(), atMs);
      return { ...unheard(thread, { ...reversal, reason: 'no_answer' }), ended };
    };
    const reverseLater = (atMs: number) => {
      if (!stage.at(after(stage, atMs, 'givesUp', waits.givesUp), reverse)) ended(atMs);
    };
    if (inParallel) reverseLater(nowMs);
    return {
      ...unheard(thread, request),
      disorder: ['dropped_answers'],
      ended: (atMs) => {
        if (!inParallel) reverseLater(atMs);
        ended(atMs);
      },
    };
  };
}

/** Whichever of the two came first, both answers are right. */
function unheard({ purchase }: Thread, message: SimulatedMessage): Outgoing {
  const { number, unknownCard } = purchase;
  const expectation = { of: 'message', message, unknownCard, inOrder: false, flags: [], before: [] } as const;
  return { message, purchase: number, expectation };
}
