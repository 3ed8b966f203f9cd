// asideSums.test.ts: what is put aside comes to what its transactions, one by one, come to.

import { type CardId, chargesOf, type Transaction } from '@holdfast/domain';
import { account, authorization, card, cardNamed, given } from '@holdfast/domain/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asideSums } from './asideSums.ts';

const [open] = given(account('200.00'), card()).when(authorization('40.00')).story.account.transactions.values();
const START = Date.parse('2026-03-01T00:00:00.000Z');
const HOUR_MS = 3_600_000;
const QUARTER_MS = HOUR_MS / 4;
const CARDS: readonly CardId[] = [cardNamed('one'), cardNamed('two')];

const charge = fc.record({
  at: fc.nat({ max: 100 * HOUR_MS }).map((ms) => new Date(START + ms).toISOString()),
  amountMinor: fc.bigInt({ min: -500n, max: 5_000n }),
});
const transaction = fc
  .record({
    cardId: fc.constantFrom(...CARDS),
    heldMinor: fc.bigInt({ min: 0n, max: 9_000n }),
    // Absent: what stands of it, when it was opened.
    charges: fc.option(fc.array(charge, { maxLength: 3 }), { nil: undefined }),
    openedAt: fc.nat({ max: 100 * HOUR_MS }).map((ms) => START + ms),
  })
  .map((changes): Transaction => {
    if (open === undefined) throw new Error('the story has no transaction');
    return { ...open, ...changes };
  });
const quarter = fc.nat({ max: 400 }).map((n) => START + n * QUARTER_MS);

function chargedMinor(all: readonly Transaction[], from: number, to: number, cardId: CardId | undefined): bigint {
  return all
    .filter((each) => cardId === undefined || each.cardId === cardId)
    .flatMap(chargesOf)
    .filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < to)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

test('sums are those of the transactions that are put aside, in whole quarters not yet forgotten', () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ put: transaction }) },
    { weight: 2, arbitrary: fc.record({ take: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ forget: fc.nat({ max: 100 * HOUR_MS }).map((ms) => START + ms) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), quarter, quarter, (steps, a, b) => {
      const sums = asideSums();
      const all: Transaction[] = [];
      let from = Math.min(a, b);
      for (const each of steps) {
        if ('put' in each) {
          all.push(each.put);
          sums.count(each.put, 1n);
        } else if ('forget' in each) {
          sums.forget(each.forget);
          from = Math.max(from, Math.ceil(each.forget / QUARTER_MS) * QUARTER_MS);
        } else {
          const [taken] = all.splice(each.take % Math.max(all.length, 1), 1);
          if (taken !== undefined) sums.count(taken, -1n);
        }
      }
      expect(sums.heldMinor).toBe(all.reduce((sum, { heldMinor }) => sum + heldMinor, 0n));
      const to = Math.max(a, b);
      for (const cardId of [undefined, ...CARDS, cardNamed('unknown')]) {
        expect(sums.chargedMinor(from, to, cardId)).toBe(chargedMinor(all, from, to, cardId));
      }
    }),
  );
});
