import type { ProgramEvent, ProgramId } from '@holdfast/domain';
import { currencyOf } from '@holdfast/money';
import { describe, expect, test } from 'vitest';
import { factsOf } from './facts.ts';

const programId = 'prog_test' as ProgramId;
const rate = (base: string, quote: string, rate: string) => ({
  base: currencyOf(base).code,
  quote: currencyOf(quote).code,
  rate,
});
const valid = { validFrom: '2026-03-01T00:00:00.000Z', validUntil: '2026-03-02T00:00:00.000Z' };
const three = [rate('EUR', 'USD', '1.09'), rate('EUR', 'GBP', '0.86'), rate('EUR', 'JPY', '163.5')];
const five = [...three, rate('EUR', 'SEK', '11.2'), rate('EUR', 'CHF', '0.95')];
const published = (rates: typeof three): ProgramEvent => ({
  type: 'RatesPublished',
  data: { programId, source: 'ecb', ...valid, rates },
});

describe('the line of an event of a program says', () => {
  test.each<[string, ProgramEvent, string]>([
    [
      'each rate, whose it is and when it holds',
      published(three),
      'EUR/USD 1.09, EUR/GBP 0.86, EUR/JPY 163.5; “ecb”; from 2026-03-01T00:00:00.000Z until 2026-03-02T00:00:00.000Z',
    ],
    [
      'the first four of more rates',
      published(five),
      'EUR/USD 1.09, EUR/GBP 0.86, EUR/JPY 163.5, EUR/SEK 11.2, and 1 more; “ecb”; from 2026-03-01T00:00:00.000Z until 2026-03-02T00:00:00.000Z',
    ],
    ['the mark-up in percent', { type: 'MarkupSet', data: { programId, basisPoints: 150 } }, 'mark-up 1.50 %'],
    ['that there is no mark-up', { type: 'MarkupSet', data: { programId, basisPoints: 0 } }, 'mark-up 0.00 %'],
    [
      'the days of each group',
      {
        type: 'HoldExpirySet',
        data: { programId, days: { lodging: 30, carRental: 29, cruise: 28, fuel: 2, other: 7 } },
      },
      'days: lodging 30, car rental 29, cruise 28, fuel 2, other 7',
    ],
  ])('%s', (_, event, line) => {
    expect(
      factsOf(event)
        .map(({ text }) => text)
        .join('; '),
    ).toBe(line);
  });
});
