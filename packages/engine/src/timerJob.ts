// timerJob.ts: an expiry or a late release on its way through its account's stream.

import {
  type Account,
  type AccountEvent,
  decideTimer,
  type EventMetadata,
  expiryId,
  type Instant,
  lateReleaseId,
  type TimerCommand,
  transactionKey,
} from '@holdfast/domain';
import type { Decided, Job } from './aggregate.ts';

export type TimerCause = Pick<EventMetadata, 'correlationId' | 'causationId' | 'actor'>;

/** `settled` is called with whether anything was released, or `failed` when it is to be tried again; once. */
export function timerJob(
  command: TimerCommand,
  cause: TimerCause,
  settled: (released: boolean) => void,
  failed: (error: Error) => void,
): Job<Account, AccountEvent> {
  const { transactionId } = command;
  const commandId =
    command.type === 'expire'
      ? expiryId(transactionId, command.expiresAt)
      : lateReleaseId(transactionId, command.decision);
  return {
    needs: ({ transactions }) => (transactions.has(transactionId) ? [] : [transactionKey(transactionId)]),
    decide: (account: Account, now: Instant): Decided<AccountEvent> => {
      const programId = account.opened?.programId;
      const events = account.transactions.has(transactionId) ? decideTimer(account, command, now) : [];
      if (events.length === 0) return { restsOn: -1 };
      return { append: events, metadata: { ...cause, commandId, ...(programId === undefined ? {} : { programId }) } };
    },
    done: (recorded) => settled(recorded.length > 0),
    failed,
  };
}
