// suspenseChecks.ts: each sum in suspense is resolved once, as a whole, and one that is assigned to an account gets there.

import {
  type AccountId,
  type DomainEvent,
  type Recorded,
  resolvedBy,
  type SuspenseSum,
  suspendedBy,
} from '@holdfast/domain';
import type { CurrencyCode } from '@holdfast/money';
import type { Report } from './decideAgain.ts';

type Assigned = SuspenseSum & { readonly accountId: AccountId; readonly accountMinor: bigint | undefined };

export type SuspenseChecks = {
  /** The next event of a stream, in the order of the log. `accountId` is whose stream it is, if it is an account's. */
  add(stream: string, accountId: AccountId | undefined, event: Recorded<DomainEvent>, report: Report): void;
  /** What must stand in `suspense` and, of assignments, in `in_transit`: debits above zero. */
  balances(): {
    readonly suspense: ReadonlyMap<CurrencyCode, bigint>;
    readonly inTransit: ReadonlyMap<CurrencyCode, bigint>;
  };
};

/** Keeps what is open: memory does not grow with what is resolved. */
export function suspenseChecks(): SuspenseChecks {
  const open = new Map<string, SuspenseSum>();
  const assigned = new Map<string, Assigned>();

  function take<Item extends SuspenseSum>(
    items: Map<string, Item>,
    item: string,
    { type, data }: { readonly type: string; readonly data: SuspenseSum },
    report: Report,
  ): Item | undefined {
    const found = items.get(item);
    items.delete(item);
    if (found === undefined) report('wrong_suspense', `${type} of ${item}, which is not open`);
    else if (inWords(found) !== inWords(data)) {
      report('wrong_suspense', `${type} of ${item} is of ${inWords(data)}, not of ${inWords(found)}`);
    }
    return found;
  }

  return {
    add(stream, accountId, event, report) {
      const sum = suspendedBy(event);
      if (sum !== undefined) open.set(`${stream}@${event.revision}`, sum);
      const resolved = resolvedBy(event);
      if (event.type === 'SuspenseResolved') take(open, `${stream}@${resolved}`, event, report);
      if (event.type === 'SuspenseAssigned') {
        const { accountId: to, accountMinor, side, amountMinor, currency } = event.data;
        take(open, `${stream}@${resolved}`, event, report);
        if (to === undefined) return;
        assigned.set(`${stream}@${resolved}`, { side, amountMinor, currency, accountId: to, accountMinor });
      }
      if (event.type === 'SuspenseReceived') {
        const item = `${event.data.stream}@${event.data.revision}`;
        const from = take(assigned, item, event, report);
        if (from === undefined) return;
        if (from.accountId !== accountId) report('wrong_suspense', `${item} was assigned to ${from.accountId}`);
        if (from.accountMinor !== event.data.accountMinor)
          report('wrong_suspense', `${item} was assigned as ${from.accountMinor}, not ${event.data.accountMinor}`);
      }
    },
    balances: () => ({ suspense: sumsOf(open.values()), inTransit: sumsOf(assigned.values()) }),
  };
}

function inWords({ side, amountMinor, currency }: SuspenseSum): string {
  return `a ${side} of ${amountMinor} ${currency}`;
}

function sumsOf(sums: Iterable<SuspenseSum>): ReadonlyMap<CurrencyCode, bigint> {
  const found = new Map<CurrencyCode, bigint>();
  for (const { side, amountMinor, currency } of sums) {
    found.set(currency, (found.get(currency) ?? 0n) + (side === 'debit' ? amountMinor : -amountMinor));
  }
  return found;
}
