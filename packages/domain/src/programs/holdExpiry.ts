// holdExpiry.ts: how long a hold stands when nothing comes for it, by the merchant's category.

import { DAY_MS } from '../time.ts';

/** Whole days, by what the merchant sells. */
export type HoldExpiryDays = {
  /** Hotels: 3501–3999 and 7011. */
  readonly lodging: number;
  /** 3351–3500, 7512, 7513. */
  readonly carRental: number;
  /** 4411. */
  readonly cruise: number;
  /** 5541, 5542, 5552. */
  readonly fuel: number;
  readonly other: number;
};

export const HOLD_EXPIRY_DAYS = { least: 1, most: 30, usual: 7 } as const;

/** Of a program that says nothing but how long the other holds stand. */
export function usualHoldExpiry(other: number): HoldExpiryDays {
  return { lodging: 30, carRental: 30, cruise: 30, fuel: 2, other };
}

const CAR_RENTAL = ['7512', '7513'];
const FUEL = ['5541', '5542', '5552'];

/** Milliseconds from the approval to the expiry. Codes are four digits, so they compare as text. */
export function holdsForMs({ holdExpiry }: { readonly holdExpiry: HoldExpiryDays }, mcc: string | undefined): number {
  return holdExpiry[groupOf(mcc)] * DAY_MS;
}

function groupOf(mcc: string | undefined): keyof HoldExpiryDays {
  if (mcc === undefined) return 'other';
  if (mcc === '7011' || (mcc >= '3501' && mcc <= '3999')) return 'lodging';
  if (CAR_RENTAL.includes(mcc) || (mcc >= '3351' && mcc <= '3500')) return 'carRental';
  if (mcc === '4411') return 'cruise';
  return FUEL.includes(mcc) ? 'fuel' : 'other';
}
