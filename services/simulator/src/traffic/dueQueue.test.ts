import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dueQueue } from './dueQueue.ts';

describe('a queue of what is due', () => {
  test('gives what is due in the order of time, then of arrival, and nothing early', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 200 }), fc.nat(50), (times, now) => {
        const queue = dueQueue<{ due: number; order: number }>(1_000);
        for (const [order, due] of times.entries()) queue.add(due, { due, order });
        const taken = [];
        for (let item = queue.take(now); item !== undefined; item = queue.take(now)) taken.push(item);
        const expected = times
          .map((due, order) => ({ due, order }))
          .filter(({ due }) => due <= now)
          .sort((a, b) => a.due - b.due || a.order - b.order);
        expect(taken).toEqual(expected);
        expect(queue.size).toBe(times.length - expected.length);
      }),
    );
  });

  test('takes its most and refuses one more', () => {
    const queue = dueQueue<string>(2);
    expect([queue.add(1, 'a'), queue.add(2, 'b'), queue.add(0, 'c')]).toEqual([true, true, false]);
    expect(queue.take(5)).toBe('a');
    expect(queue.add(0, 'c')).toBe(true);
    expect(queue.take(5)).toBe('c');
  });
});
