import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromIso, toIso } from './time.ts';

const EVER = 8_640_000_000_000_000;
const moment = fc.oneof(
  fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2060, 0) }),
  fc.integer({ min: -EVER, max: EVER }),
  fc.constantFrom(0, -1, 1, EVER, -EVER, Date.UTC(2028, 1, 29, 23, 59, 59, 999)),
);

describe('a moment', () => {
  test('is written and read as Date does, whatever was written before', () => {
    fc.assert(
      fc.property(moment, (instant) => {
        const iso = new Date(instant).toISOString();
        expect(toIso(instant)).toBe(iso);
        expect(fromIso(iso)).toBe(instant);
      }),
      { numRuns: 5_000 },
    );
  });

  test('is the same on the way back over more days than are kept', () => {
    for (let day = 0; day < 20_500; day++) expect(fromIso(toIso(day * 86_400_000 + day))).toBe(day * 86_400_000 + day);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, EVER + 1])('that is none cannot be written: %d', (instant) => {
    expect(() => toIso(instant)).toThrow(RangeError);
  });

  test('has whole milliseconds', () => expect(toIso(1.9)).toBe('1970-01-01T00:00:00.001Z'));

  test.each([
    '2026-03-01T12:00:00Z',
    '2026-03-01T12:00:00.5Z',
    '2026-03-01T12:00:00.000+01:00',
    '2026-03-01',
    '2026-03-01T24:00:00.000Z',
    '2026-03-01T24:30:00.000Z',
    '2026-03-01T23:60:00.000Z',
    '2026-03-01T23:59:60.000Z',
    '2026-13-01T12:00:00.000Z',
    '2026-03-01T12:00:0x.000Z',
    '2026-03-01T12:00:00.00 Z',
    '2026-03-01T12.00.00.000Z',
    '2026-03-01 12:00:00.000Z',
    '',
    'never',
  ])('"%s" is read as Date reads it', (text) => expect(fromIso(text)).toBe(Date.parse(text)));
});
