import { describe, expect, test } from 'vitest';
import { answered } from '../testing/answers.ts';
import { MOST_NAMES, OTHER, tally } from './tally.ts';

describe('the tally of a run', () => {
  test('counts messages by kind and decision, declines by reason, and flags', () => {
    const counted = tally(0);
    counted.countSent('authorization', false, 0, 10);
    counted.countSent('authorization', true, 0, 20);
    counted.countAnswer('authorization', answered({ decision: 'approved' }), 2);
    counted.countAnswer('authorization', answered({ decision: 'declined', reason: 'card_paused' }), 4);
    counted.countAnswer('clearing', answered({ flags: ['over_capture'] }), 6);
    expect(counted.kinds.get('authorization')).toMatchObject({ sent: 2, repeats: 1, approved: 1, declined: 1 });
    expect([...counted.declines]).toEqual([['card_paused', 1]]);
    expect([...counted.flags]).toEqual([['over_capture', 1]]);
    expect([counted.sent, counted.latency.count]).toEqual([2, 3]);
  });

  test('keeps its most names apart and counts every further one together', () => {
    const counted = tally(0);
    for (let index = 0; index < MOST_NAMES + 10; index += 1) {
      counted.countAnswer(`kind ${index}`, answered({ decision: 'declined', reason: `reason ${index}` }), 1);
    }
    expect(counted.declines.size).toBe(MOST_NAMES + 1);
    expect(counted.declines.get(OTHER)).toBe(10);
    expect(counted.kinds.size).toBe(MOST_NAMES + 1);
    expect(counted.kinds.get(OTHER)?.declined).toBe(10);
  });

  test('tells the rate of the last three whole seconds', () => {
    const counted = tally(1_000);
    // 10 in the first second, 20 in the second, and so on.
    for (let second = 0; second < 6; second += 1) {
      for (let n = 0; n < 10 * (second + 1); n += 1)
        counted.countSent('authorization', false, 0, 1_000 + 1_000 * second + n);
    }
    expect(counted.rateNow(1_000 + 5_500)).toBe((30 + 40 + 50) / 3);
    expect(counted.rateNow(1_000 + 6_500)).toBe((40 + 50 + 60) / 3);
    expect(counted.rateNow(1_000 + 60_000)).toBe(0);
  });

  test('tells what was sent so far as the rate of the first second', () => {
    const counted = tally(0);
    counted.countSent('authorization', false, 0, 100);
    counted.countSent('authorization', false, 0, 200);
    expect(counted.rateNow(500)).toBe(2);
  });

  test('keeps the first example of each broken expectation', () => {
    const counted = tally(0);
    counted.countBroken(['answered_differently'], 'the first');
    counted.countBroken(['answered_differently', 'no_reason'], 'the second');
    expect([...counted.broken]).toEqual([
      ['answered_differently', { count: 2, example: 'the first' }],
      ['no_reason', { count: 1, example: 'the second' }],
    ]);
  });
});
