import { currencyOf } from '@holdfast/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RatesPublished } from '../events.ts';
import { DAY_MS, fromIso, type Instant, SECOND_MS, toIso } from '../time.ts';
import { convertBy } from './conversion.ts';
import { MAX_RATES, published as publishedIn, type RateTable, rateFor } from './rates.ts';

type Publication = Omit<RatesPublished['data'], 'programId'>;

const [EUR, USD, JPY] = [currencyOf('EUR').code, currencyOf('USD').code, currencyOf('JPY').code];
const day = (number: number) => `2026-03-${String(number).padStart(2, '0')}T00:00:00.000Z`;
const at = (number: number) => fromIso(day(number));

/** `EUR/USD 1.09 1–3`: from the first of March to just before the third. The source is the text itself. */
function published(texts: readonly string[], publishedAt = at(1)): RateTable {
  return texts.reduce<RateTable>((rates, text) => publishedIn(rates, publication(text), publishedAt), {});
}

function publication(text: string): Publication {
  const [pair = '', rate = '', days = ''] = text.split(' ');
  const [base = '', quote = ''] = pair.split('/');
  const [from = '', until = ''] = days.split('–');
  const rates = [{ base: currencyOf(base).code, quote: currencyOf(quote).code, rate }];
  return { source: text, validFrom: day(Number(from)), validUntil: day(Number(until)), rates };
}

const found = (rates: RateTable, now: Instant) => rateFor({ rates }, EUR, USD, now);

describe('the rate for EUR in USD', () => {
  test.each<[string, readonly string[], number, string | undefined, boolean]>([
    // what was published, day of March, which one, usable
    ['nothing was published', [], 5, undefined, false],
    ['in force', ['EUR/USD 1.1 1–9'], 5, 'EUR/USD 1.1 1–9', true],
    ['from its first moment', ['EUR/USD 1.1 5–9'], 5, 'EUR/USD 1.1 5–9', true],
    ['not at its end', ['EUR/USD 1.1 1–5'], 5, 'EUR/USD 1.1 1–5', false],
    ['the newest in force', ['EUR/USD 1.2 4–9', 'EUR/USD 1.1 1–9'], 5, 'EUR/USD 1.2 4–9', true],
    [
      'of two that begin together the last published',
      ['EUR/USD 1.1 4–9', 'EUR/USD 1.2 4–8'],
      5,
      'EUR/USD 1.2 4–8',
      true,
    ],
    ['the older one, when only it still holds', ['EUR/USD 1.1 1–9', 'EUR/USD 1.2 2–4'], 5, 'EUR/USD 1.1 1–9', true],
    ['what begins later waits', ['EUR/USD 1.1 1–9', 'EUR/USD 1.2 6–9'], 5, 'EUR/USD 1.1 1–9', true],
    ['the newest that ended', ['EUR/USD 1.2 2–3', 'EUR/USD 1.1 1–4'], 5, 'EUR/USD 1.2 2–3', false],
    ['what ended before what is to begin', ['EUR/USD 1.1 1–2', 'EUR/USD 1.2 8–9'], 5, 'EUR/USD 1.1 1–2', false],
    ['the first to begin', ['EUR/USD 1.2 8–9', 'EUR/USD 1.1 7–9'], 5, 'EUR/USD 1.1 7–9', false],
    ['of two that begin together later the last', ['EUR/USD 1.1 7–9', 'EUR/USD 1.2 7–8'], 5, 'EUR/USD 1.2 7–8', false],
    ['the inverse pair', ['USD/EUR 0.9 1–9'], 5, 'USD/EUR 0.9 1–9', true],
    ['the direct pair before the inverse', ['USD/EUR 0.9 4–9', 'EUR/USD 1.1 1–9'], 5, 'EUR/USD 1.1 1–9', true],
    [
      'the inverse in force before the direct ended',
      ['EUR/USD 1.1 1–4', 'USD/EUR 0.9 1–9'],
      5,
      'USD/EUR 0.9 1–9',
      true,
    ],
    ['the direct ended before the inverse ended', ['EUR/USD 1.1 1–2', 'USD/EUR 0.9 1–4'], 5, 'EUR/USD 1.1 1–2', false],
    [
      'the inverse ended before the direct to begin',
      ['EUR/USD 1.1 6–9', 'USD/EUR 0.9 1–4'],
      5,
      'USD/EUR 0.9 1–4',
      false,
    ],
    ['another pair is no help', ['EUR/JPY 163 1–9', 'JPY/USD 0.0061 1–9'], 5, undefined, false],
  ])('%s', (_, texts, now, source, usable) => {
    const expected = source === undefined ? undefined : { source, usable, inverse: source.startsWith('USD') };
    const rate = found(published(texts), at(now));
    expect(rate && { source: rate.source, usable: rate.usable, inverse: rate.inverse }).toEqual(expected);
    // Whichever moment the publications came at, as long as it was not later.
    expect(found(published(texts, at(now)), at(now))).toEqual(rate);
  });

  test('says all that an event keeps of it', () => {
    expect(found(published(['USD/EUR 0.9 1–9']), at(5))).toEqual({
      rate: '0.9',
      inverse: true,
      source: 'USD/EUR 0.9 1–9',
      validFrom: day(1),
      validUntil: day(9),
      usable: true,
    });
  });

  test('is there to the last millisecond', () => {
    const rates = published(['EUR/USD 1.1 2–3']);
    const usable = [at(2) - 1, at(2), at(3) - 1, at(3)].map((now) => found(rates, now)?.usable);
    expect(usable).toEqual([false, true, true, false]);
  });

  test('of a currency in itself is none', () => {
    expect(rateFor({ rates: published(['EUR/USD 1.1 1–9']) }, EUR, EUR, at(5))).toBeUndefined();
  });
});

describe('what is kept of a pair', () => {
  const kept = (texts: readonly string[], publishedAt: Instant) =>
    published(texts, publishedAt)['EUR/USD']?.map(({ source }) => source);

  test('is the newest that has begun, what outlasts it, and what is to come', () => {
    const texts = ['EUR/USD 1 1–3', 'EUR/USD 2 2–20', 'EUR/USD 3 3–12', 'EUR/USD 4 4–11', 'EUR/USD 5 15–20'];
    expect(kept(texts, at(10))).toEqual(['EUR/USD 5 15–20', 'EUR/USD 4 4–11', 'EUR/USD 3 3–12', 'EUR/USD 2 2–20']);
  });

  test('is never empty: the last one stays, however long ago it ended', () => {
    expect(kept(['EUR/USD 1 1–2', 'EUR/USD 2 2–3'], at(30))).toEqual(['EUR/USD 2 2–3']);
  });

  test('leaves out what the same time was published for again', () => {
    expect(kept(['EUR/USD 1 20–25', 'EUR/USD 2 20–25'], at(10))).toEqual(['EUR/USD 2 20–25']);
    expect(kept(['EUR/USD 1 20–25', 'EUR/USD 2 20–24'], at(10))).toEqual(['EUR/USD 2 20–24', 'EUR/USD 1 20–25']);
  });

  test('waits five seconds for clocks that are behind', () => {
    const texts = ['EUR/USD 1 1–9', 'EUR/USD 2 5–9'];
    expect(kept(texts, at(5) + 5 * SECOND_MS - 1)).toHaveLength(2);
    expect(kept(texts, at(5) + 5 * SECOND_MS)).toHaveLength(1);
  });

  test('of one publication does not touch the other pairs', () => {
    const before = published(['EUR/USD 1.1 1–2', 'EUR/JPY 163 1–9']);
    const after = publishedIn(before, publication('EUR/USD 1.2 2–9'), at(5));
    expect(after['EUR/JPY']).toBe(before['EUR/JPY']);
    expect(JSON.parse(JSON.stringify(after))).toEqual(after);
  });

  test('answers every later question as if everything were kept', () => {
    const moment = fc.integer({ min: 0, max: 20 }).map((number) => number * SECOND_MS);
    const one = fc.record({
      waits: fc.integer({ min: 0, max: 4 }),
      from: moment,
      lasts: fc.integer({ min: 1, max: 12 }).map((number) => number * SECOND_MS),
      inverse: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), fc.integer({ min: -5, max: 20 }), (publications, later) => {
        let now = at(1);
        const state = { kept: {} as RateTable, all: {} as RateTable };
        publications.forEach(({ waits, from, lasts, inverse }, number) => {
          now += waits * SECOND_MS;
          const [base, quote] = inverse ? [USD, EUR] : [EUR, USD];
          const validFrom = toIso(at(1) + from);
          const validUntil = toIso(at(1) + from + lasts);
          const rates = [{ base, quote, rate: String(number + 1) }];
          const publication = { source: String(number), validFrom, validUntil, rates };
          state.kept = publishedIn(state.kept, publication, now);
          // Long before anything begins: only what the same time was published for again goes.
          state.all = publishedIn(state.all, publication, at(1) - DAY_MS);
        });
        const asked = now + later * SECOND_MS;
        expect(found(state.kept, asked)).toEqual(found(state.all, asked));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('an amount', () => {
  test.each([
    ['EUR/USD 1.09 1–9', EUR, USD, 4_000n, 4_360n],
    ['USD/EUR 3 1–9', EUR, USD, 100n, 33n], // 1 USD is 3 EUR
    ['JPY/EUR 0.0061 1–9', EUR, JPY, 4_000n, 6_557n], // 6557.38
  ])('by %s: %s to %s of %d is %d', (text, from, to, amount, result) => {
    const rate = rateFor({ rates: published([text]) }, from, to, at(5));
    expect(rate && convertBy(rate, amount, from, to)).toBe(result);
  });
});

test('the limits stand for what a call of 64 KiB can carry', () => {
  const longest = { base: 'EUR', quote: 'USD', rate: '999999999999.999999999999' };
  const call = JSON.stringify({ rates: Array(MAX_RATES).fill(longest) });
  expect(call.length).toBeLessThan(64 * 1024);
});
