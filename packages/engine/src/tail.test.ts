import type { AccountEvent, Recorded } from '@holdfast/domain';
import { expect, test } from 'vitest';
import { Tail } from './tail.ts';

const at = (revision: number) => ({ revision }) as Recorded<AccountEvent>;
const revisions = (events: readonly Recorded<AccountEvent>[]) => events.map(({ revision }) => revision);

function tailOf(...all: readonly number[]) {
  const tail = new Tail<AccountEvent>();
  tail.add(all.map(at));
  return tail;
}

test('it gives what follows a snapshot, as often as it is asked', () => {
  const tail = tailOf(3, 4, 5);
  expect(revisions(tail.after(3))).toEqual([4, 5]);
  tail.add([at(6)]);
  expect(revisions(tail.after(3))).toEqual([4, 5, 6]);
});

test('it begins anew when it does not reach back to the snapshot', () => {
  const tail = tailOf(5, 6);
  expect(tail.after(3)).toEqual([]);
  expect(tail.after(4)).toEqual([]);
  tail.add([at(4)]);
  expect(revisions(tail.after(3))).toEqual([4]);
});

test('it is needed for one snapshot longer than races are lost', () => {
  const tail = tailOf(3, 4, 5);
  expect(tail.shorten(4)).toBe(true);
  expect(revisions(tail.after(4))).toEqual([5]);
  tail.lost();
  expect(tail.shorten(5)).toBe(true);
  expect(tail.shorten(5)).toBe(false);
});
