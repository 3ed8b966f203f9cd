// spendingLimits.ts: every limit of the card and of the account must leave room for the whole amount.

import type { Controls, LimitSeen, SpendingLimit } from '../../controls/limit.ts';
import { dayAt, type Spending } from '../../controls/spending.ts';
import { type Instant, toIso } from '../../time.ts';
import type { Check } from './check.ts';

export const cardLimits: Check = ({ card, amountMinor, now, limits }) =>
  withinAll('card', card.controls, card.spending, amountMinor, now, limits) ? undefined : 'card_limit_exceeded';

export const accountLimits: Check = ({ account, amountMinor, now, limits }) =>
  withinAll('account', account.controls, account.spending, amountMinor, now, limits)
    ? undefined
    : 'account_limit_exceeded';

function withinAll(
  scope: LimitSeen['scope'],
  { limits }: Controls,
  spending: Spending,
  amountMinor: bigint | undefined,
  now: Instant,
  seen: LimitSeen[],
): boolean {
  if (limits.length === 0 || amountMinor === undefined) return true;
  let within = true;
  for (const limit of limits) {
    const looked = look(limit, scope, spending, now);
    seen.push(looked);
    if (looked.spentMinor + amountMinor > limit.amountMinor) within = false;
  }
  return within;
}

function look(
  { id, amountMinor, window }: SpendingLimit,
  scope: LimitSeen['scope'],
  spending: Spending,
  now: Instant,
): LimitSeen {
  if (window.kind === 'transaction') return { limitId: id, scope, amountMinor, spentMinor: 0n };
  const { startsAt, endsAt, spentMinor } = dayAt(spending, window.timeZone, now);
  return { limitId: id, scope, amountMinor, spentMinor, startsAt: toIso(startsAt), endsAt: toIso(endsAt) };
}

/** True when what was already spent and decided leaves a limit exceeded: of facts, which no limit can decline. */
export function exceedsLimit(
  controls: Controls,
  spending: Spending,
  addedMinor: bigint,
  totalMinor: bigint,
  now: Instant,
): boolean {
  return controls.limits.some(({ amountMinor, window }) =>
    window.kind === 'transaction'
      ? totalMinor > amountMinor
      : addedMinor > 0n && dayAt(spending, window.timeZone, now).spentMinor + addedMinor > amountMinor,
  );
}
