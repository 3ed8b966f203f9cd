import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { type Tally, tally } from '../measure/tally.ts';
import { type RunFacts, reportOf } from '../report.ts';
import { answered } from '../testing/answers.ts';
import { DISORDERS } from '../traffic/disorder.ts';
import { MESSAGE_TYPES } from '../traffic/message.ts';
import { formatAskedRate, formatCount, formatMs, formatRate, formatShare } from './format.ts';
import { frame, plainLine, type Standing } from './progress.ts';
import { reportText } from './report.ts';

const plain = picocolors.createColors(false);

/** A little of everything, in disorder. */
function busyTally(): Tally {
  const counted = tally(0);
  for (const [index, kind] of MESSAGE_TYPES.entries()) {
    for (let n = 0; n < 1_000 + 37 * index; n += 1) counted.countSent(kind, n % 50 === 1, 0.4, n * 20);
    counted.countAnswer(kind, answered({ decision: 'declined', reason: 'merchant_category_blocked' }), 2);
    counted.countAnswer(kind, answered({ decision: 'partially_approved', response_code: '10' }), 2);
  }
  for (const [index, kind] of DISORDERS.entries()) {
    for (let n = 0; n <= 40 * index; n += 1) counted.countDisorder([kind]);
  }
  return counted;
}

function someTally(): Tally {
  const counted = tally(0);
  for (let n = 0; n < 1_500; n += 1) {
    const kind = n % 3 === 0 ? 'clearing' : 'authorization';
    counted.countSent(kind, n % 50 === 1, 0.4, n * 20);
    const declined = kind === 'authorization' && n % 10 === 1;
    counted.countAnswer(
      kind,
      kind === 'clearing'
        ? answered({ flags: n % 30 === 0 ? ['over_capture'] : [] })
        : answered(
            declined
              ? {
                  decision: 'declined',
                  response_code: '57',
                  reason: n % 20 === 1 ? 'card_paused' : 'insufficient_funds',
                }
              : { decision: 'approved' },
          ),
      2 + (n % 100) / 100,
    );
  }
  return counted;
}

const standing = (fields: Partial<Standing> = {}): Standing => ({
  title: 'seed 42   3 cards   http://127.0.0.1:2600',
  tally: someTally(),
  nowMs: 30_300,
  startedAtMs: 0,
  durationMs: 60_000,
  rate: 50,
  waiting: 12,
  stopping: false,
  ...fields,
});

const facts: RunFacts = {
  url: 'http://127.0.0.1:2600',
  seed: 42,
  rate: 50,
  connections: 16,
  startedAtMs: Date.UTC(2026, 10, 23, 12),
  elapsedMs: 30_004,
  stoppedEarly: false,
  unsent: 0,
  waiting: 12,
};

describe('progress', () => {
  test('shows how far the run is, its rate, approvals, latency, errors and top declines', () => {
    expect(frame(standing(), plain)).toMatchInlineSnapshot(`
      "
        Holdfast simulator   seed 42   3 cards   http://127.0.0.1:2600

        ━━━━━━━━━━━━━━━━━━━━────────────────────  30 s of 1 min 00 s

        rate      50.0/s   asked: 50/s
        sent      1,500   12 to follow up
        messages  authorization 1,000   clearing 500
        approved  90.0 %   of authorizations
        latency   p50 2.50 ms   p99 2.99 ms
        errors    0
        declines  
                50  card_paused
                50  insufficient_funds
      "
    `);
  });

  test('fits 80 columns, whatever it is like', () => {
    const bad = tally(0);
    bad.countFailures(['connection refused', 'timeout'], 1);
    bad.countBroken(['wrong_kind_of_decision'], 'x');
    for (const each of [
      standing(),
      standing({ nowMs: 70_000 }),
      standing({ stopping: true }),
      standing({ tally: bad }),
    ]) {
      for (const line of frame(each, plain).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  test.each([
    ['in 80 columns', 80],
    ['in 120 columns', 120],
    ['in 50 columns', 50],
  ])('shows all kinds and all disorder, %s', (_case, width) => {
    const drawn = frame(standing({ tally: busyTally() }), plain, width);
    for (const line of drawn.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    for (const kind of MESSAGE_TYPES) expect(drawn).toContain(kind);
    for (const kind of [
      'duplicates 1',
      'repeats 41',
      'late 81',
      'out of order 121',
      'dropped answers 161',
      'stand in 201',
    ]) {
      expect(drawn).toContain(kind);
    }
  });

  test('has the same words in colour', () => {
    expect(stripVTControlCharacters(frame(standing(), picocolors.createColors(true)))).toBe(frame(standing(), plain));
  });

  test.each<[string, Partial<Standing>, string]>([
    ['of a file has no end to show', {}, '30 s so far'],
    [
      'that is stopping says what it waits for',
      { durationMs: 30_000, stopping: true },
      'stopping: waiting for the answers',
    ],
    ['that is over says what it waits for', { durationMs: 30_000 }, 'done: waiting for the answers'],
  ])('of a run %s', (_case, fields, text) => {
    const { durationMs: _, ...endless } = standing();
    expect(frame({ ...endless, ...fields }, plain)).toContain(text);
  });

  test('is one line where there is no terminal', () => {
    expect(plainLine(standing())).toMatchInlineSnapshot(
      `"30 s   1,500 sent   50.0/s   approved 90.0 %   p50 2.50 ms   p99 2.99 ms   errors 0"`,
    );
  });
});

describe('the report', () => {
  test('is a table with decisions, declines, flags and latency', () => {
    expect(reportText(reportOf(facts, someTally()), plain)).toMatchInlineSnapshot(`
      "
        Holdfast simulator   seed 42   http://127.0.0.1:2600

        sent        1,500 messages in 30 s
        rate        50.0/s (asked: 50/s)
        approved    90.0 % of authorizations
        left open   12 follow-ups would have come later

        message                      sent approved  in part declined accepted  repeats
        authorization               1,000      900        ·      100        ·       20
        clearing                      500        ·        ·        ·      500       10

        declines          50  card_paused
                          50  insufficient_funds

        flags             50  over_capture

        latency     p50 2.50 ms   p90 2.91 ms   p99 2.99 ms   p99.9 2.99 ms
                    max 2.99 ms
                    from the moment each was due, waits included; sent 0.400 ms later
                    (p50)

        Every message was answered, and every answer is as it must be.
      "
    `);
  });

  test('of a bad run says what went wrong, with an example of each broken expectation', () => {
    const counted = tally(0);
    counted.countSent('authorization', false, 0, 0);
    counted.countFailures(['timeout'], 3);
    counted.countLost('authorization');
    counted.countSent('clearing', false, 0, 0);
    counted.countRefusal('clearing', '400 invalid_message', 2);
    counted.countSent('authorization', true, 0, 0);
    counted.countAnswer('authorization', answered({ decision: 'declined', reason: 'insufficient_funds' }), 3);
    counted.countBroken(['answered_differently'], 'authorization TERM0001 000123 2026-03-01T12:00:00.000Z');
    const report = reportOf({ ...facts, unsent: 7, stoppedEarly: true }, counted);
    expect(report.ok).toBe(false);
    for (const line of reportText(report, plain).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(reportText(report, plain)).toMatchInlineSnapshot(`
      "
        Holdfast simulator   seed 42   http://127.0.0.1:2600

        sent        3 messages in 30 s
        rate        0.1/s (asked: 50/s)
        approved    0.0 % of authorizations
        sent again  3 times, for want of an answer
        no answer   1
        not sent    7: every connection was busy when they were due
        left open   12 follow-ups would have come later

        message                      sent approved  in part declined accepted  repeats
        authorization                   2        ·        ·        1        ·        1
        clearing                        1        ·        ·        ·        ·        ·

        declines           1  insufficient_funds

        latency     p50 2.02 ms   p90 3.00 ms   p99 3.00 ms   p99.9 3.00 ms
                    max 3.00 ms
                    from the moment each was due, waits included; sent 0.000 ms later
                    (p50)

        errors             1  timeout

        refused            1  400 invalid_message

        broken             1  answered_differently
                    a repeat got another answer than the first time
                    first: authorization TERM0001 000123 2026-03-01T12:00:00.000Z

        Some answers are not as they must be. Stopped early.
        Most declines are for want of funds: deposit money with POST
        /v1/accounts/{id}/deposits.
      "
    `);
  });

  test.each([
    ['in 80 columns', 80],
    ['in 60 columns', 60],
    ['in 50 columns', 50],
  ])('shows all kinds and all disorder, %s', (_case, width) => {
    const text = reportText(reportOf(facts, busyTally()), plain, width);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    for (const kind of [...MESSAGE_TYPES, 'out of order', 'dropped answers', 'stand in']) expect(text).toContain(kind);
  });

  test.each<[string, (counted: Tally) => void, boolean]>([
    ['nothing', () => undefined, true],
    ['a decline', (counted) => counted.countAnswer('authorization', answered({ decision: 'declined' }), 1), true],
    ['a failed attempt, made good by a repeat', (counted) => counted.countFailures(['http 503'], 1), false],
    ['a lost message', (counted) => counted.countLost('clearing'), false],
    ['a refused message', (counted) => counted.countRefusal('clearing', '400', 1), false],
    ['a broken expectation', (counted) => counted.countBroken(['no_reason'], 'x'), false],
  ])('after %s is as ok as it should be', (_case, count, ok) => {
    const counted = tally(0);
    count(counted);
    expect(reportOf(facts, counted).ok).toBe(ok);
  });

  test('says what to do when accounts have run dry', () => {
    const counted = tally(0);
    counted.countAnswer('authorization', answered({ decision: 'declined', reason: 'insufficient_funds' }), 1);
    counted.countSent('authorization', false, 0, 0);
    expect(reportText(reportOf(facts, counted), plain, 100)).toContain('deposit money with POST /v1/accounts/');
  });
});

describe('numbers', () => {
  test.each([
    [formatCount(1_234_567), '1,234,567'],
    [formatCount(999), '999'],
    [formatMs(0.4123), '0.412 ms'],
    [formatMs(4.123), '4.12 ms'],
    [formatMs(41.23), '41.2 ms'],
    [formatMs(412.3), '412 ms'],
    [formatMs(4_123), '4.12 s'],
    [formatMs(123_456), '123 s'],
    [formatShare(0.8624), '86.2 %'],
    [formatShare(null), '–'],
    [formatRate(49.96), '50.0/s'],
    [formatRate(12_345.6), '12,346/s'],
    [formatAskedRate(0), 'as fast as possible'],
    [formatAskedRate(50), '50/s'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected);
  });
});
