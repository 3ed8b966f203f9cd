// meters.ts: what Prometheus is told about this process beside its HTTP durations.

import type { Engine } from '@holdfast/engine';
import { createMetrics, type Metrics, type Reading } from '@holdfast/http';
import type { Position } from '@holdfast/journal';
import type { EngineThread } from './engineThread.ts';

export type Meters = {
  readonly engine: Engine;
  readonly deciding: Pick<EngineThread, 'busyMs' | 'heapBytes'>;
  /** The log's newest position that is known here. */
  readonly head: () => Position;
  /** Of a process that has them. */
  readonly readModels?: { readonly position: () => Position; readonly failed: () => boolean };
};

export function createMeters({ engine, deciding, head, readModels }: Meters): Metrics {
  return createMetrics({
    counters: [
      { name: 'holdfast_decisions_total', help: 'Network messages decided.', read: () => engine.counters.decisions },
      {
        name: 'holdfast_repeats_total',
        help: 'Network messages that came again.',
        read: () => engine.counters.repeats,
      },
      {
        name: 'holdfast_late_decisions_total',
        help: 'Answered 91: too late.',
        read: () => engine.counters.lateDecisions,
      },
      { name: 'holdfast_expired_holds_total', help: 'Holds that expired.', read: () => engine.counters.expired },
      { name: 'holdfast_appends_total', help: 'Appends to the log.', read: () => engine.counters.appends },
      { name: 'holdfast_appended_events_total', help: 'Events appended.', read: () => engine.counters.appendedEvents },
      { name: 'holdfast_failed_appends_total', help: 'Appends refused.', read: () => engine.counters.failedAppends },
      { name: 'holdfast_snapshots_total', help: 'Snapshots written.', read: () => engine.counters.snapshots },
      {
        name: 'holdfast_deciding_busy_seconds_total',
        help: 'How long the thread that decides was busy: its rate is the share of a core.',
        read: () => deciding.busyMs() / 1_000,
      },
    ],
    gauges: [
      {
        name: 'holdfast_quarantined_accounts',
        help: 'Accounts that decide nothing because an invariant was broken: look at the log of the process.',
        read: () => engine.counters.quarantinedAccounts,
      },
      { name: 'holdfast_accounts_in_memory', help: 'Accounts loaded.', read: () => engine.counters.accountsInMemory },
      { name: 'holdfast_deciding_heap_bytes', help: 'Heap of the thread that decides.', read: deciding.heapBytes },
      { name: 'holdfast_log_position', help: 'Newest position seen.', read: () => Number(head()) },
      ...(readModels === undefined ? [] : readModelGauges(readModels)),
    ],
  });
}

export function readModelGauges({ position, failed }: NonNullable<Meters['readModels']>): Reading[] {
  return [
    { name: 'holdfast_read_models_position', help: 'How far reads are.', read: () => Number(position()) },
    { name: 'holdfast_read_models_failed', help: '1: reads stand still.', read: () => (failed() ? 1 : 0) },
  ];
}
