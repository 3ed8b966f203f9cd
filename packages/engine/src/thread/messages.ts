// messages.ts: what is said between the thread that decides and the one that asks.

import type { ApiKeyEvent } from '@holdfast/domain';
import type { Engine, EngineCounters } from '../engine.ts';
import type { ErrorText } from './errorText.ts';

/** What an engine can be asked to do, and answers some time later. */
export type Method = 'submit' | 'execute' | 'programOf' | 'accountOf' | 'clearingFile' | 'current' | 'tick' | 'close';

type CallOf<Name extends Method> = readonly [call: number, method: Name, ...given: Parameters<Engine[Name]>];
export type Call = { [Name in Method]: CallOf<Name> }[Method];

/** In the order of asking. Those of one turn come together, up to `TOGETHER`. */
export type ToEngine = readonly Call[];

export type Answered =
  | readonly [call: number, done: true, value: unknown]
  | readonly [call: number, done: false, error: ErrorText];

export type ApiKey = ApiKeyEvent['data'];

export type FromEngine =
  /** Once, and first. */
  | { readonly type: 'ready'; readonly apiKeys: readonly ApiKey[]; readonly counters: SharedArrayBuffer }
  /** With the keys that came into force since the last one. */
  | { readonly type: 'answered'; readonly answered: readonly Answered[]; readonly apiKeys: readonly ApiKey[] }
  | { readonly type: 'failed'; readonly error: ErrorText };

/**
 * Calls, or answers, in one message at most. Fewer, and each costs more; more, and a thread waits while the other one is
 * still gathering.
 */
export const TOGETHER = 16;

/** The places of the counters in the memory that both threads see. */
export const COUNTERS = [
  ...(['decisions', 'repeats', 'appends', 'appendedEvents', 'failedAppends', 'lateDecisions', 'expired'] as const),
  ...(['resumed', 'quarantinedAccounts', 'accountsInMemory', 'residents', 'snapshots'] as const),
] satisfies readonly (keyof EngineCounters)[];
