import { expect, test } from 'vitest';
import { toIso } from '../time.ts';
import { expiresAt } from './card.ts';

test.each([
  ['2811', '2028-12-01T00:00:00.000Z'],
  ['2812', '2029-01-01T00:00:00.000Z'],
  ['2802', '2028-03-01T00:00:00.000Z'],
])('a card of %s works until %s', (expiry, end) => expect(toIso(expiresAt(expiry))).toBe(end));
