// play.ts: sends one purchase: its steps, each after what it must wait for, with the disorder that is drawn for it.

import type { Answer } from '../answer.ts';
import type { Delay } from './balance.ts';
import { delivery } from './copies.ts';
import { type DisorderKind, fortuneOf, type Mishap, mishapOf } from './disorder.ts';
import { canGiveUp, giveUp } from './giveUp.ts';
import { isDecided, type SimulatedMessage } from './message.ts';
import type { Purchase } from './purchase.ts';
import { after, type Send, type Stage } from './stage.ts';
import { stoodIn } from './standIn.ts';
import type { Step } from './step.ts';
import { stepsOf } from './steps.ts';
import { type Thread, threadOf, written } from './written.ts';

/** Between the times at which messages say they were sent that come in any order. */
const SENT_APART_MS = 5;

/** Puts the first messages of a purchase on the stage; each answer brings the next ones. */
export function play(stage: Stage, purchase: Purchase, startMs: number): void {
  const { plan } = purchase;
  const { outOfOrder, standIn, requestArrives, outage } = fortuneOf(stage.seed, purchase, stage.disorder);
  const opening = stage.stamp();
  const thread = threadOf(purchase, linkOf(purchase, outOfOrder || standIn), opening, startMs);
  const life = (approved?: number) =>
    standIn ? stoodIn(stepsOf(plan, approved), requestArrives) : stepsOf(plan, approved);
  let steps = life();
  const messages: (SimulatedMessage | undefined)[] = [];
  const scheduled = new Set<number>();
  const sent = new Set<number>();
  /** Answered, or left out. */
  const done = new Set<number>();
  const notApproved = new Set<number>();
  let declined = false;
  let authorizationCode: string | undefined;
  let transactionId: string | undefined;
  /** What increments asked for and did not get. */
  let missing = 0;

  const mishapAt = (index: number) => mishapOf(stage.seed, purchase, index, stage.disorder);
  /** Something of it comes at once. */
  const firstWait = Math.min(
    ...steps.flatMap((each, index) => (each.after.length === 0 ? [mishapAt(index).waits.step] : [])),
  );

  const write = (index: number, each: Step, sentAtMs: number): SimulatedMessage => {
    const first = index === 0 ? undefined : messages[0];
    const meant = each.of === undefined ? undefined : messages[each.of];
    const stamp = index === 0 ? opening : stage.stamp();
    const message = written(thread, less(each, missing), { first, meant, authorizationCode }, stamp, sentAtMs);
    // What follows is on its way already.
    return outOfOrder && message.partial_approval ? { ...message, partial_approval: false } : message;
  };

  /** The step itself: when its time has come, or late. */
  const send =
    (index: number, each: Step, mishap: Mishap): Send =>
    (nowMs) => {
      if (declined) return undefined;
      const message = messages[index] ?? write(index, each, nowMs);
      messages[index] = message;
      const deliver: Send = (atMs) => {
        const overtaken = each.overtaken === true || steps.some((_, earlier) => earlier < index && !sent.has(earlier));
        sent.add(index);
        const disorder: DisorderKind[] = [];
        if (overtaken) disorder.push('out_of_order');
        if (standIn && isAdvised(each, purchase)) disorder.push('stand_in');
        if (mishap.late) disorder.push('late');
        const inOrder = !outOfOrder && each.overtaken !== true;
        return delivery(stage, {
          purchase: purchase.number,
          message,
          expected: { unknownCard: purchase.unknownCard, inOrder, transactionId, flags: inOrder ? each.flags : [] },
          disorder,
          mishap,
          repeatMayComeFirst: !outOfOrder && !standIn && thread.link !== 'original' && !raises(each),
          answered: (answer, nowMs) => answered(index, each, answer, nowMs),
        })(atMs);
      };
      if (!mishap.late) return deliver(nowMs);
      stage.at(after(stage, nowMs, 'late', mishap.waits.late), deliver);
      return undefined;
    };

  const schedule = (index: number, each: Step, nowMs: number): void => {
    scheduled.add(index);
    if (each.of !== undefined && notApproved.has(each.of)) {
      settle(index, nowMs);
      return;
    }
    const mishap = mishapAt(index);
    const own = send(index, each, mishap);
    const dueMs = dueOf(index, each, nowMs, mishap);
    // One that arrives after the final clearing would raise what is settled.
    const mayGiveUp = !standIn && (!outOfOrder || index === 0) && canGiveUp(each, purchase);
    if (!mishap.dropped || !mayGiveUp) {
      stage.at(dueMs, own);
      return;
    }
    const known = { first: index === 0 ? undefined : messages[0], authorizationCode };
    stage.at(
      dueMs,
      giveUp(stage, thread, each, known, mishap, (atMs) => void stage.at(atMs, own)),
    );
  };

  const dueOf = (index: number, each: Step, nowMs: number, { waits }: Mishap): number => {
    if (outOfOrder) return after(stage, nowMs, 'outOfOrder', Math.max(0, waits.step - firstWait));
    if (index === 0) return standIn ? after(stage, nowMs, 'outage', outage) : nowMs;
    return after(stage, nowMs, delayBefore(each, index), waits.step);
  };

  const advance = (nowMs: number): void => {
    for (const [index, each] of steps.entries()) {
      if (declined || scheduled.has(index)) continue;
      const before = outOfOrder ? each.after : index === 0 ? [] : [index - 1];
      if (before.every((place) => done.has(place))) schedule(index, each, nowMs);
    }
  };

  const settle = (index: number, nowMs: number): void => {
    done.add(index);
    advance(nowMs);
  };

  const answered = (index: number, each: Step, answer: Answer, nowMs: number): void => {
    const asked = isDecided(each.type);
    const approved = answer.decision === 'declined' ? 0 : (answer.approved_amount ?? 0);
    if (index === 0) {
      transactionId = answer.transaction_id;
      authorizationCode = answer.authorization_code;
      declined = asked && answer.decision === 'declined' && answer.reason !== 'reversed_before_arrival';
      if (asked && !outOfOrder && answer.decision === 'partially_approved') steps = life(approved);
    } else if (each.type === 'increment' && !outOfOrder) {
      missing += (each.amount ?? 0) - approved;
      if (approved === 0) notApproved.add(index);
    }
    settle(index, nowMs);
  };

  for (const [index, each] of steps.entries()) {
    // Sent long before it comes: the request behind its advice, and everything of a purchase that comes in any order.
    const place = each.overtaken === true ? -1 : index;
    if (outOfOrder || place === -1) {
      messages[index] = write(index, each, startMs - SENT_APART_MS * (steps.length - place));
    }
  }
  advance(startMs);
}

/** Increments have an RRN of their own. What may come before its original is known by the network's id alone. */
function linkOf({ plan }: Purchase, mayComeFirst: boolean): Thread['link'] {
  if (mayComeFirst) return 'network_transaction_id';
  return plan.link === 'rrn' && plan.kind.of === 'stay' ? 'network_transaction_id' : plan.link;
}

function raises({ type }: Step): boolean {
  return type === 'increment' || type === 'increment_advice';
}

/** What the network tells in place of what it would have asked. */
function isAdvised({ type, flags }: Step, { plan: { kind } }: Purchase): boolean {
  if (kind.of === 'force_post' || kind.of === 'declined_by_network') return false;
  return type.endsWith('_advice') || flags.includes('force_post');
}

function less(each: Step, missing: number): Step {
  if (each.inAll !== true || each.amount === undefined || missing === 0) return each;
  return { ...each, amount: Math.max(1, each.amount - missing) };
}

function delayBefore({ type }: Step, index: number): Delay {
  switch (type) {
    case 'reversal':
    case 'reversal_advice':
      return 'reversal';
    case 'clearing':
      return index === 1 ? 'clearing' : 'furtherClearing';
    default:
      return 'other';
  }
}
