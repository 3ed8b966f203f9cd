// sandboxPlan.ts: what the sandbox holds: accounts with money in several currencies, and cards with sensible controls.

import type { Controls } from '@holdfast/domain';
import { limitId } from '@holdfast/events';
import { type CurrencyCode, currencyOf } from '@holdfast/money';

export type PlannedCard = { readonly label: string; readonly controls: Controls };
export type PlannedAccount = {
  readonly name: string;
  readonly currency: CurrencyCode;
  readonly depositMinor: bigint;
  readonly cards: readonly PlannedCard[];
};

/** Betting, casino chips, lottery tickets. */
const GAMBLING = ['7995'];
const TRAVEL = ['3000', '3256', '4111', '4112', '4121', '4131', '4511', '4722', '5812', '5814', '7011', '7512'];

export const SANDBOX_PROGRAM = { name: 'Sandbox', holdExpiryDays: 7 } as const;

export const SANDBOX_ACCOUNTS: readonly PlannedAccount[] = [
  {
    name: 'Travel',
    currency: currencyOf('EUR').code,
    depositMinor: 250_000_00n,
    cards: [
      card('Team card', [daily('team card', 20_000_00n, 'Europe/Berlin')]),
      card('Trips only', [daily('trips only', 5_000_00n, 'Europe/Berlin')], TRAVEL),
    ],
  },
  {
    name: 'Marketing',
    currency: currencyOf('USD').code,
    depositMinor: 500_000_00n,
    cards: [
      card('Advertising', [daily('advertising', 25_000_00n, 'America/New_York')]),
      card('Subscriptions', [each('subscriptions', 500_00n)]),
    ],
  },
  {
    name: 'Tokyo office',
    currency: currencyOf('JPY').code,
    depositMinor: 40_000_000n,
    cards: [card('Office supplies', [daily('office supplies', 3_000_000n, 'Asia/Tokyo')])],
  },
  {
    name: 'Contractors',
    currency: currencyOf('GBP').code,
    depositMinor: 1_500_00n,
    cards: [card('Day rates', [each('day rates', 400_00n)])],
  },
];

function card(label: string, limits: Controls['limits'], allowed: readonly string[] = []): PlannedCard {
  return { label, controls: { limits, merchantCategories: { blocked: GAMBLING, allowed } } };
}

function daily(name: string, amountMinor: bigint, timeZone: string): Controls['limits'][number] {
  return { id: limitId('sandbox', name), amountMinor, window: { kind: 'day', timeZone } };
}

function each(name: string, amountMinor: bigint): Controls['limits'][number] {
  return { id: limitId('sandbox', name), amountMinor, window: { kind: 'transaction' } };
}
