// limit.ts: a declared spending limit and the window that it counts in.

import type { LimitId } from '../ids.ts';

/** A calendar day begins at local midnight of an IANA time zone. */
export type LimitWindow = { readonly kind: 'transaction' } | { readonly kind: 'day'; readonly timeZone: string };

/** At most `amountMinor` (of the account's currency) in one window. */
export type SpendingLimit = { readonly id: LimitId; readonly amountMinor: bigint; readonly window: LimitWindow };

/** Merchant category codes, four digits each. An empty `allowed` allows all; `blocked` wins over `allowed`. */
export type MerchantCategories = { readonly blocked: readonly string[]; readonly allowed: readonly string[] };

/** What an account or a card sets on its spending. A call replaces all of it. */
export type Controls = { readonly limits: readonly SpendingLimit[]; readonly merchantCategories: MerchantCategories };

/** A limit as a decision saw it, kept in the event: enough to explain it later. */
export type LimitSeen = {
  readonly limitId: LimitId;
  readonly scope: 'card' | 'account';
  readonly amountMinor: bigint;
  readonly spentMinor: bigint;
  /** Of a day: its first moment and the first moment of the next one. */
  readonly startsAt?: string;
  readonly endsAt?: string;
};

export const NO_CONTROLS: Controls = { limits: [], merchantCategories: { blocked: [], allowed: [] } };

/** The time zones in whose days the limits of `controls` count. */
export function timeZonesOf(controls: Controls): readonly string[] {
  const zones = new Set<string>();
  for (const { window } of controls.limits) if (window.kind === 'day') zones.add(window.timeZone);
  return [...zones];
}
