import { expect, test } from 'vitest';
import { Recent } from './recent.ts';

test('the most recently used entries are kept, others are forgotten', () => {
  const recent = new Recent<number, string>(10);
  for (let i = 0; i < 1_000; i++) {
    recent.set(i, `value ${i}`);
    expect(recent.get(7)).toBe(i < 7 ? undefined : 'value 7');
    expect(recent.size).toBeLessThanOrEqual(20);
  }
  for (let i = 991; i < 1_000; i++) expect(recent.get(i)).toBe(`value ${i}`);
  expect(recent.get(500)).toBeUndefined();
});

test('an entry that is set again has its new value', () => {
  const recent = new Recent<string, number>(3);
  for (const value of [1, 2, 3, 4, 5]) {
    recent.set('a', value);
    recent.set(`other ${value}`, value);
    expect(recent.get('a')).toBe(value);
  }
});
