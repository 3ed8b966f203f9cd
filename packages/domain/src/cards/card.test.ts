import { expect, test } from 'vitest';
import type { CardId } from '../ids.ts';
import { toIso } from '../time.ts';
import { issuedCard } from './card.ts';

const facts = { cardId: 'card_main' as CardId, kind: 'virtual', bin: '999999', last4: '0000' } as const;

test.each([
  ['2811', '2028-12-01T00:00:00.000Z'],
  ['2812', '2029-01-01T00:00:00.000Z'],
  ['2802', '2028-03-01T00:00:00.000Z'],
])('a card of %s works until %s', (expiry, end) => {
  const card = issuedCard({ ...facts, expiry, fingerprintKeyId: 'k', carried: [] }, 0);
  expect(toIso(card.expiresAt)).toBe(end);
});
