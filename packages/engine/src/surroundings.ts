// surroundings.ts: what all streams of an engine share.

import type { Journal } from '@holdfast/journal';
import type { AccountIndex } from './accountIndex.ts';
import type { Clock } from './clock.ts';

export type Surroundings = {
  readonly journal: Journal;
  readonly index: AccountIndex;
  readonly clock: Clock;
  readonly counters: Counters;
  /** A snapshot is written when this many events follow the one before. */
  readonly snapshotEvery: number;
  /** Things in memory, over all streams, that could leave it; and how many each stream keeps however little is left. */
  readonly residents: { count: number; readonly most: number; readonly least: number };
  /** Snapshots that were taken and are not yet written, over all streams, and what they weigh (`saving.ts`). */
  readonly saving: { count: number; weight: number };
  readonly alarm: (message: string, details: Record<string, unknown>) => void;
};

export type Counters = {
  appends: number;
  appendedEvents: number;
  failedAppends: number;
  snapshots: number;
  quarantinedAccounts: number;
};
