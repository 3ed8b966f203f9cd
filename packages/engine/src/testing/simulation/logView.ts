// logView.ts: the log as a checker sees it: decoded, by command, and folded from the beginning with nothing left out.

import {
  type Account,
  type AccountEvent,
  type AccountId,
  brokenByEvent,
  brokenByTransaction,
  brokenInvariants,
  type CommandId,
  type DomainEvent,
  evolveAccount,
  type Instant,
  newAccount,
  type Recorded,
  transactionIdOf,
} from '@holdfast/domain';
import { accountIdOfStream, decode } from '@holdfast/events';
import type { StoredEvent } from '@holdfast/journal';
import type { MemoryLog } from '@holdfast/journal/memory';
import { accountAggregate } from '../../accountAggregate.ts';
import type { Due, Unfinished } from '../../runtime.ts';

/** An event and where it stands. */
export type Seen = { readonly stream: string; readonly position: bigint; readonly event: Recorded<DomainEvent> };

export type AccountView = {
  readonly accountId: AccountId;
  readonly account: Account;
  readonly events: Recorded<AccountEvent>[];
  /** What a snapshot after each revision must say. */
  readonly snapshots: string[];
};

export type LogView = {
  /** Takes over what was appended since. */
  follow(): void;
  readonly seen: readonly Seen[];
  readonly accounts: ReadonlyMap<string, AccountView>;
  /** Invariants that did not hold after some event. */
  readonly broken: readonly string[];
  ofCommand(commandId: CommandId): readonly Seen[];
  due(now: Instant, limit: number): readonly Due[];
  unfinished(before: Instant, limit: number): readonly Unfinished[];
};

export function viewOf(log: MemoryLog): LogView {
  const seen: Seen[] = [];
  const accounts = new Map<string, AccountView>();
  const byCommand = new Map<CommandId, Seen[]>();
  const broken: string[] = [];

  function take(stored: StoredEvent): void {
    const { stream, position } = stored;
    const event = decode(stored);
    const each = { stream, position, event };
    seen.push(each);
    const { commandId } = event.metadata;
    const together = byCommand.get(commandId);
    if (together === undefined) byCommand.set(commandId, [each]);
    else together.push(each);
    const accountId = accountIdOfStream(stream);
    if (accountId !== undefined) evolve(stream, accountId, event as Recorded<AccountEvent>);
  }

  function evolve(stream: string, accountId: AccountId, event: Recorded<AccountEvent>): void {
    const view = accounts.get(stream) ?? { accountId, account: newAccount(), events: [], snapshots: [] };
    accounts.set(stream, view);
    const { account } = view;
    evolveAccount(account, event);
    view.events.push(event);
    view.snapshots.push(accountAggregate.snapshot?.write(account) ?? '');
    const id = transactionIdOf(event);
    const transaction = id === undefined ? undefined : account.transactions.get(id);
    broken.push(...brokenByEvent(account, event), ...brokenInvariants(account));
    if (transaction !== undefined) broken.push(...brokenByTransaction(account, transaction));
  }

  function follow(): void {
    for (let at = seen.length; at < log.events.length; at++) {
      const stored = log.events[at];
      if (stored !== undefined) take(stored);
    }
  }

  return {
    follow,
    seen,
    accounts,
    broken,
    ofCommand: (commandId) => byCommand.get(commandId) ?? [],
    unfinished(_before, limit) {
      follow();
      const sent = [...accounts.values()].flatMap(({ accountId, account: { transfers } }) =>
        [...transfers.keys()].map((transferId) => ({ accountId, transferId })),
      );
      const received = new Set<string>();
      for (const { event } of seen) {
        if (event.type === 'SuspenseReceived') received.add(`${event.data.stream}@${event.data.revision}`);
      }
      const assigned = seen.flatMap(({ stream, event }) => {
        if (event.type !== 'SuspenseAssigned' || event.data.accountId === undefined) return [];
        return received.has(`${stream}@${event.data.revision}`) ? [] : [{ stream, revision: event.revision }];
      });
      return [...sent, ...assigned].slice(0, limit);
    },
    due(now, limit) {
      follow();
      const due: Due[] = [];
      for (const { accountId, account } of accounts.values()) {
        for (const { transactionId, expiresAt, totals } of account.transactions.values()) {
          if (expiresAt === undefined || expiresAt > now || totals.openMinor === 0n) continue;
          due.push({ accountId, transactionId, expiresAt });
        }
      }
      return due.sort((a, b) => a.expiresAt - b.expiresAt).slice(0, limit);
    },
  };
}
