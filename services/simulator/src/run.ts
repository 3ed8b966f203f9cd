// run.ts: one run: connections that take the next moment of the schedule, wait for it, send, and judge the answer.

import { answerSchema } from './answer.ts';
import type { Clock } from './clock.ts';
import { brokenBy } from './expectations.ts';
import type { Tally } from './measure/tally.ts';
import type { Pace } from './pace.ts';
import type { Results } from './results.ts';
import { InputError, type Outgoing, type Source } from './source.ts';
import type { Sent, Transport } from './transport.ts';

export type Run = {
  readonly source: Source;
  readonly transport: Pick<Transport, 'send'>;
  readonly pace: Pace;
  readonly tally: Tally;
  readonly results: Results;
  readonly connections: number;
  readonly clock: Clock;
  /** Aborted: nothing new is sent, what was sent is still answered. */
  readonly stop: AbortSignal;
};

/**
 * Sends until the schedule or the source ends, or `stop` is aborted, and resolves when everything sent was answered.
 * Nothing queues: a message is made when a connection is free for it, so memory does not grow when the other side is
 * slow. Rejects with `InputError` when the source or the results file fails, or the key is not accepted.
 */
export async function run(options: Run): Promise<void> {
  const failed = new AbortController();
  const stop = AbortSignal.any([options.stop, failed.signal]);
  const connection = async () => {
    try {
      while (await sendNext(options, stop));
    } catch (error) {
      failed.abort();
      throw error;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: options.connections }, connection));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

/** False when there is nothing more to send. */
async function sendNext({ source, transport, pace, tally, results, clock, ...run }: Run, stop: AbortSignal) {
  if (stop.aborted) return false;
  const scheduledMs = pace.next(clock.nowMs());
  if (scheduledMs === undefined) return false;
  await clock.until(scheduledMs, stop);
  if (stop.aborted) return false;

  const outgoing = await source.next(clock.nowMs(), stop);
  if (outgoing === undefined) return false;
  const sentAtMs = clock.nowMs();
  const dueMs = Math.max(scheduledMs, outgoing.readyAtMs ?? scheduledMs);
  const again = outgoing.again === true || outgoing.expectation.of === 'same';
  tally.countSent(kindOf(outgoing), again, sentAtMs - dueMs, sentAtMs);
  tally.countDisorder(outgoing.disorder ?? []);
  const sent = await transport.send(outgoing.message, run.stop);
  const answeredAtMs = clock.nowMs();
  const latencyMs = answeredAtMs - dueMs;
  judge(outgoing, sent, latencyMs, answeredAtMs, tally);
  outgoing.ended?.(answeredAtMs);
  await results.write({
    sent_at: new Date(sentAtMs).toISOString(),
    latency_ms: Math.round(latencyMs * 1_000) / 1_000,
    ...(outgoing.purchase === undefined ? {} : { purchase: outgoing.purchase }),
    message: sent.message,
    status: sent.status ?? null,
    answer: sent.body ?? null,
  });
  return true;
}

function judge(outgoing: Outgoing, sent: Sent, latencyMs: number, nowMs: number, tally: Tally): void {
  const kind = kindOf(outgoing);
  tally.countFailures(sent.failures, sent.attempts - 1);
  if (sent.status === undefined || sent.status >= 500) {
    tally.countLost(kind);
    return;
  }
  if (sent.status === 401 || sent.status === 403) {
    throw new InputError('Holdfast does not take network messages from this API key: it needs the role network.');
  }
  if (sent.status !== 200) {
    tally.countRefusal(kind, refusalOf(sent.status, sent.body), latencyMs);
    if (outgoing.expectation.of !== 'any') tally.countBroken(['refused_message'], exampleOf(outgoing));
    return;
  }
  const answer = answerSchema.safeParse(sent.body);
  if (!answer.success) {
    tally.countUnreadable(latencyMs);
    tally.countBroken(['unreadable_answer'], exampleOf(outgoing));
    return;
  }
  tally.countAnswer(kind, answer.data, latencyMs);
  tally.countBroken(brokenBy(outgoing.expectation, answer.data), exampleOf(outgoing));
  outgoing.answered?.(answer.data, nowMs);
}

function kindOf({ message }: Outgoing): string {
  return typeof message.type === 'string' ? message.type.slice(0, 32) : 'no type';
}

function refusalOf(status: number, body: unknown): string {
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
  return typeof code === 'string' ? `${status} ${code.slice(0, 64)}` : `${status}`;
}

/** What finds the message again in the log: its identity. */
function exampleOf({ message }: Outgoing): string {
  const parts = [message.type, message.message_id, message.terminal_id, message.stan, message.transmitted_at];
  return parts.filter((part) => typeof part === 'string').join(' ');
}
