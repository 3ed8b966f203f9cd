import { describe, expect, test } from 'vitest';
import { acquirerReferenceNumber, luhnDigit, networkTransactionId, stampsFrom } from './identity.ts';

const STARTED = Date.UTC(2026, 10, 23, 12);

describe('what makes a message itself', () => {
  test('a STAN has six digits and rises by one; an RRN has twelve and ends in it', () => {
    const next = stampsFrom(STARTED + 0.75);
    const stamps = Array.from({ length: 1_000 }, next);
    for (const [index, { stan, rrn }] of stamps.entries()) {
      expect(stan).toMatch(/^\d{6}$/);
      expect(rrn).toMatch(/^\d{12}$/);
      expect(rrn.endsWith(stan)).toBe(true);
      const before = stamps[index - 1];
      if (before !== undefined) expect(Number(rrn)).toBe(Number(before.rrn) + 1);
    }
  });

  test('the STAN starts again after 999999 while the RRN goes on', () => {
    const next = stampsFrom(39_999.93);
    expect([next(), next()].map(({ stan, rrn }) => [stan, rrn])).toEqual([
      ['999999', '000000999999'],
      ['000000', '000001000000'],
    ]);
  });

  test('a second run shares no stamp and no id with one before it, however fast that was', () => {
    const idsOf = (startedAtMs: number, messages: number): string[] => {
      const next = stampsFrom(startedAtMs);
      return Array.from({ length: messages }, next).flatMap((stamp) => [
        stamp.rrn,
        networkTransactionId('visa', stamp, startedAtMs),
        networkTransactionId('mastercard', stamp, startedAtMs),
      ]);
    };
    const first = new Set(idsOf(STARTED, 200_000));
    expect(idsOf(STARTED + 10_000, 200_000).filter((id) => first.has(id))).toEqual([]);
  });

  test.each([
    ['visa', /^\d{15}$/],
    ['mastercard', /^[A-Z0-9]{9}1123$/],
  ] as const)('a %s transaction has the id that the network gives it, another one each time', (network, shape) => {
    const next = stampsFrom(STARTED);
    const ids = Array.from({ length: 1_000 }, () => networkTransactionId(network, next(), STARTED));
    for (const id of ids) expect(id).toMatch(shape);
    expect(new Set(ids).size).toBe(1_000);
  });

  test('an acquirer reference number has 23 digits: format, acquirer, day of the year, film, check digit', () => {
    const arn = acquirerReferenceNumber('412345', { stan: '000001', rrn: '123456000001', serial: 1 }, STARTED);
    expect(arn).toMatch(/^7412345632723456000001\d$/);
    expect(luhnDigit(arn.slice(0, -1))).toBe(arn.slice(-1));
  });

  test.each([
    ['7992739871', '3'],
    ['476173900101011', '9'],
    ['0', '0'],
  ])('the Luhn digit of %s is %s', (payload, digit) => {
    expect(luhnDigit(payload)).toBe(digit);
  });
});
