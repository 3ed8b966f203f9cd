// fileCheck.test.ts: a file that is right is known by its facts; of one that is not, each fault is told with its line.

import { type ClearingFileReport, FLAGS, MAX_LISTED_RECORDS } from '@holdfast/domain';
import { allCurrencies } from '@holdfast/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encode } from '../codec.ts';
import { cardId, clearingFileId, commandIdOf, transactionId } from '../ids.ts';
import { clearingFile, clearingMessage, trailerFor } from '../testing/clearingFile.ts';
import { validate } from '../validate.ts';
import { type CheckedFile, checkClearingFile } from './fileCheck.ts';
import { CLEARING_FILE_LIMITS } from './limits.ts';

const NUMBER = '4761739001010119';
const card = { id: cardId('c') };
const record = (id: string, more: Readonly<Record<string, unknown>> = {}) => ({
  id,
  message: clearingMessage(card, more),
});
const two = [record('1'), record('2', { type: 'refund', amount: 500 })];

function check(text: string) {
  const checking = checkClearingFile((bytes) => {
    try {
      return JSON.parse(bytes.toString());
    } catch {
      throw new Error('is no JSON');
    }
  });
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
  const records = (text === '' ? [] : lines).flatMap((line) => {
    const tooLong = line.length > CLEARING_FILE_LIMITS.lineBytes;
    return checking.line(tooLong ? undefined : Buffer.from(line)) ?? [];
  });
  return { records, checked: checking.end() };
}

/** `3 record.message.amount`, for each fault. */
function faultsOf(checked: CheckedFile): readonly string[] {
  return 'facts' in checked ? [] : checked.faults.map(({ line, field }) => `${line} ${field}`.trimEnd());
}

/** The lines of a file, changed, and its trailer made to agree with their bytes. */
function edited(change: (lines: string[]) => void, trailer: object = {}): string {
  const lines = clearingFile(two).trimEnd().split('\n').slice(0, -1);
  change(lines);
  const before = lines.map((line) => `${line}\n`).join('');
  return before + trailerFor(two, before, trailer);
}

const put = (at: number, line: unknown) => (lines: string[]) => {
  lines[at - 1] = typeof line === 'string' ? line : JSON.stringify(line);
};
const header = (more: object) =>
  put(1, { header: { version: 1, sender: 'acquirer-7', sequence: 1, business_date: '2026-03-02', ...more } });

describe('a file that is right', () => {
  test('is known by its sender and sequence, its sums and the hash of its lines', () => {
    const { records, checked } = check(clearingFile(two));
    expect(checked).toEqual({
      facts: {
        clearingFileId: clearingFileId('acquirer-7', 1),
        sender: 'acquirer-7',
        sequence: 1,
        businessDate: '2026-03-02',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        records: 2,
        sums: [
          { type: 'clearing', currency: 'EUR', records: 1, amountMinor: 4_000n },
          { type: 'refund', currency: 'EUR', records: 1, amountMinor: 500n },
        ],
      },
    });
    expect(records.map(({ line, recordId, wire }) => [line, recordId, wire.type, wire.message_id])).toEqual([
      [2, '1', 'clearing', '1'],
      [3, '2', 'refund', '2'],
    ]);
  });

  test.each<[string, string]>([
    ['without records', clearingFile([])],
    ['without a line feed at its end', clearingFile(two).trimEnd()],
    ['with a message that has an id of its own', clearingFile([record('1', { message_id: 'm' })])],
    [
      'with its lines ended as on Windows',
      edited((lines) => void lines.splice(0, 3, ...lines.map((line) => `${line}\r`))),
    ],
    ['with a sequence as high as it may be', edited(header({ sequence: CLEARING_FILE_LIMITS.sequence }))],
    ['with a sender as long as it may be', edited(header({ sender: 'x'.repeat(64) }))],
    ['with a record id as long as it may be', clearingFile([record('x'.repeat(64))])],
  ])('may be one %s', (_, text) => {
    expect(faultsOf(check(text).checked)).toEqual([]);
  });
});

describe('a file with a fault', () => {
  test.each<[string, string, readonly string[]]>([
    ['nothing in it', '', ['1']],
    ['only a header', clearingFile(two).split('\n')[0] ?? '', ['1']],
    ['no trailer', clearingFile(two).split('\n').slice(0, 3).join('\n'), ['3']],
    ['no header', clearingFile(two).split('\n').slice(1).join('\n'), ['1']],
    ['a second header', edited((lines) => lines.splice(1, 0, lines[0] ?? '')), ['2']],
    ['another version', edited(header({ version: 2 })), ['1 header.version']],
    ['no sender', edited(header({ sender: undefined })), ['1 header.sender']],
    ['a sender that is too long', edited(header({ sender: 'x'.repeat(65) })), ['1 header.sender']],
    ['a card number for a sender', edited(header({ sender: NUMBER })), ['1 header.sender']],
    ['a sequence of zero', edited(header({ sequence: 0 })), ['1 header.sequence']],
    ['a sequence that is too high', edited(header({ sequence: 1_000_000_000_000 })), ['1 header.sequence']],
    ['a day that is none', edited(header({ business_date: '2026-02-30' })), ['1 header.business_date']],
    ['an unknown field in the header', edited(header({ currency: 'EUR' })), ['1 header.currency']],
    ['a line that is no JSON', edited(put(3, '{')), ['3']],
    ['a line that is no object', edited(put(3, '[]')), ['3']],
    ['an empty line', edited(put(3, '')), ['3']],
    ['a line of neither kind', edited(put(3, { message: {} })), ['3']],
    ['a line that is too long', edited(put(3, `"${'x'.repeat(CLEARING_FILE_LIMITS.lineBytes)}"`)), ['3']],
    ['something after the trailer', `${clearingFile(two)}{}\n{}\n`, ['5']],
    ['no record id', edited(put(2, { record: { message: clearingMessage(card) } })), ['2 record.id']],
    ['a record id that is too long', edited(put(2, { record: record('x'.repeat(65)) })), ['2 record.id']],
    ['a record id twice', edited(put(3, { record: two[0] })), ['3 record.id']],
    ['no message', edited(put(2, { record: { id: '1' } })), ['2 record.message']],
    [
      'a message of another kind',
      edited(put(2, { record: record('1', { type: 'reversal' }) })),
      ['2 record.message.type'],
    ],
    ['a message of no kind', edited(put(2, { record: record('1', { type: 'x' }) })), ['2 record.message.type']],
    [
      'a message without an amount',
      edited(put(2, { record: record('1', { amount: undefined }) })),
      ['2 record.message.amount'],
    ],
    ['an unknown field in a message', edited(put(2, { record: record('1', { tip: 1 }) })), ['2 record.message.tip']],
    [
      'a card number outside of its field',
      clearingFile([{ id: NUMBER, message: clearingMessage({ number: NUMBER }, { message_id: 'm' }) }]),
      ['2 record.id'],
    ],
    [
      'a card number whose check digit is wrong',
      clearingFile([record('1', { card: { number: '4761739001010118' } })]),
      ['2 record.message.card.number'],
    ],
    ['other bytes than were hashed', clearingFile(two).replace('ACME', 'ACMe'), ['4 trailer.sha256']],
    [
      'another count',
      edited(() => {}, { records: { clearing: 2, clearing_reversal: 0, refund: 1, refund_reversal: 0 } }),
      ['4 trailer.records.clearing'],
    ],
    [
      'a kind that is not counted',
      edited(() => {}, { records: { clearing: 1, refund: 1, refund_reversal: 0 } }),
      ['4 trailer.records.clearing_reversal'],
    ],
    [
      'another sum',
      edited(() => {}, {
        sums: [
          { type: 'clearing', currency: 'EUR', amount: 4_001 },
          { type: 'refund', currency: 'EUR', amount: 500 },
        ],
      }),
      ['4 trailer.sums'],
    ],
    [
      'a sum that is missing',
      edited(() => {}, { sums: [{ type: 'clearing', currency: 'EUR', amount: 4_000 }] }),
      ['4 trailer.sums'],
    ],
    [
      'a sum of nothing',
      edited(() => {}, {
        sums: [
          { type: 'clearing', currency: 'EUR', amount: 4_000 },
          { type: 'refund', currency: 'EUR', amount: 500 },
          { type: 'refund', currency: 'USD', amount: 0 },
        ],
      }),
      ['4 trailer.sums'],
    ],
    ['a hash in capitals', edited(() => {}, { sha256: 'A'.repeat(64) }), ['4 trailer.sha256']],
    [
      'several',
      edited((lines) => {
        header({ version: 2 })(lines);
        put(2, '{')(lines);
        put(3, { record: record('2', { amount: -1 }) })(lines);
      }),
      ['1 header.version', '2', '3 record.message.amount'],
    ],
  ])('%s: its line is told', (_, text, faults) => {
    expect(faultsOf(check(text).checked)).toEqual(faults);
  });

  test('tells at most a hundred', () => {
    const records = Array.from({ length: CLEARING_FILE_LIMITS.faults + 1 }, (__, at) =>
      record(String(at), { amount: -1 }),
    );
    expect(faultsOf(check(clearingFile(records)).checked)).toHaveLength(CLEARING_FILE_LIMITS.faults);
  });

  test('never shows a value, least of all a card number', () => {
    const hostile = fc.record({
      id: fc.constantFrom(NUMBER, 'x'),
      message: fc.record({
        type: fc.constantFrom('clearing', NUMBER),
        card: fc.constantFrom({ number: NUMBER }, NUMBER),
        amount: fc.constantFrom(1, -1, NUMBER),
        currency: fc.constantFrom('EUR', NUMBER),
        network: fc.constant('visa'),
        [NUMBER]: fc.constant(1),
      }),
    });
    fc.assert(
      fc.property(hostile, (each) => {
        expect(JSON.stringify(check(clearingFile([each])).checked)).not.toContain(NUMBER);
      }),
    );
  });

  test('of any bytes is a fault, not an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect('faults' in check(text).checked).toBe(true);
      }),
    );
  });
});

describe('the limits', () => {
  const currencies = [
    'AED',
    'AFN',
    'ALL',
    'AMD',
    'AOA',
    'ARS',
    'AUD',
    'AWG',
    'AZN',
    'BAM',
    'BBD',
    'BDT',
    'BHD',
    'BIF',
    'BMD',
    'BND',
    'BOB',
    'BRL',
    'BSD',
    'BTN',
    'BWP',
    'BYN',
    'BZD',
    'CAD',
    'CDF',
    'CHF',
    'CLP',
    'CNY',
    'COP',
    'CRC',
    'CUP',
    'CVE',
    'CZK',
  ];
  const inCurrencies = (most: number) =>
    clearingFile(currencies.slice(0, most).map((currency) => record(currency, { currency })));

  test('of currencies: as many, and one more', () => {
    expect(faultsOf(check(inCurrencies(32)).checked)).toEqual([]);
    expect(faultsOf(check(inCurrencies(33)).checked).some((fault) => fault === '35')).toBe(true);
  });

  test('of records: as many, and one more', { timeout: 120_000 }, () => {
    const many = (count: number) => {
      const checking = checkClearingFile((bytes) => JSON.parse(bytes.toString()));
      checking.line(Buffer.from(clearingFile([]).split('\n')[0] ?? ''));
      for (let at = 0; at < count; at += 1) checking.line(Buffer.from(JSON.stringify({ record: record(String(at)) })));
      return faultsOf(checking.end());
    };
    const last = CLEARING_FILE_LIMITS.records + 1;
    expect(many(CLEARING_FILE_LIMITS.records)).toEqual([`${last}`]); // Only that it has no trailer.
    expect(many(last)).toEqual([`${last + 1}`, `${last + 1}`]);
  });

  test('of a report: the largest fits into an event of the log', () => {
    const all = allCurrencies().map(({ code }) => code);
    const [EUR] = all;
    if (EUR === undefined) throw new Error('no currencies');
    const most = -(10n ** 20n);
    const flags = FLAGS.toSorted((a, b) => b.length - a.length).slice(0, 8);
    const sums = { fileMinor: most, postedMinor: most, convertedMinor: most, suspendedMinor: most };
    const report: ClearingFileReport = {
      outcomes: { duplicate: 1e5, unmatched: 1e5, suspended: 1e5, over: 1e5, under: 1e5, matched: 1e5 },
      currencies: all.slice(0, 32).map((currency) => ({ currency, ...sums, differenceMinor: most })),
      charged: all.map((currency) => ({ currency, postedMinor: most })),
      listed: Array.from({ length: MAX_LISTED_RECORDS }, () => ({
        ...{ line: 100_001, recordId: 'x'.repeat(CLEARING_FILE_LIMITS.recordId), type: 'clearing_reversal' },
        ...{ outcome: 'suspended', flags, reason: 'card_not_found', transactionId: transactionId('x') },
      })),
      unlisted: 1e5,
    };
    const data = { clearingFileId: clearingFileId('x', 1), report };
    const metadata = { occurredAt: 0, commandId: commandIdOf('a'), correlationId: 'r', actor: 'system' };
    const encoded = encode({ type: 'ClearingFileApplied', data }, metadata);
    expect(validate(encoded)).toEqual([]);
    expect(Buffer.byteLength(encoded.data)).toBeLessThan(60 * 1024);
  });
});
