import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../time.ts';
import { holdsForMs, usualHoldExpiry } from './holdExpiry.ts';

/** A different number of days for each group. */
const holdExpiry = { lodging: 30, carRental: 29, cruise: 28, fuel: 2, other: 7 };

describe('a hold stands', () => {
  test.each([
    // merchant category, days
    ['3350', 7],
    ['3351', 29], // car rental
    ['3500', 29],
    ['3501', 30], // lodging
    ['3999', 30],
    ['4000', 7],
    ['4411', 28], // cruise
    ['4410', 7],
    ['4412', 7],
    ['5540', 7],
    ['5541', 2], // fuel
    ['5542', 2],
    ['5543', 7],
    ['5551', 7],
    ['5552', 2],
    ['5553', 7],
    ['7010', 7],
    ['7011', 30],
    ['7012', 7],
    ['7511', 7],
    ['7512', 29],
    ['7513', 29],
    ['7514', 7],
    ['0000', 7],
    ['5812', 7],
    ['9999', 7],
    [undefined, 7],
  ])('for category %s: %d days', (mcc, days) => expect(holdsForMs({ holdExpiry }, mcc)).toBe(days * DAY_MS));

  test('usually 30 days for stays, rentals and cruises, 2 for fuel, else what the program was created with', () => {
    expect(usualHoldExpiry(7)).toEqual({ lodging: 30, carRental: 30, cruise: 30, fuel: 2, other: 7 });
    expect(usualHoldExpiry(1)).toEqual({ lodging: 30, carRental: 30, cruise: 30, fuel: 2, other: 1 });
  });
});
