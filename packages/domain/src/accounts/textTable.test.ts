import { expect, test } from 'vitest';
import { addText, lastPlace, newTextTable, placeBefore } from './textTable.ts';

function places(texts: readonly (string | undefined)[], text: string): number[] {
  const table = newTextTable();
  for (const each of texts) addText(table, each);
  const found: number[] = [];
  for (let at = lastPlace(table, text); at >= 0; at = placeBefore(table, at)) found.push(at);
  return found;
}

test.each<[string, readonly (string | undefined)[], readonly number[]]>([
  ['nothing', [], []],
  ['another text', ['b'], []],
  ['it alone', ['a'], [0]],
  ['it several times, the last first', ['a', 'b', 'a', 'a'], [3, 2, 0]],
  ['it after places without a text', [undefined, undefined, 'a'], [2]],
  ['only places without a text', [undefined, undefined], []],
  [
    'it after more such places than the first room has',
    [...Array.from({ length: 1_000 }, () => undefined), 'a'],
    [1_000],
  ],
])('in a table of %s', (_, texts, expected) => expect(places(texts, 'a')).toEqual(expected));

test('a text that stands at most places is no slower to add than others', () => {
  const table = newTextTable();
  for (let at = 0; at < 100_000; at++) addText(table, at % 100 === 0 ? String(at) : 'always');
  expect(table.taken).toBe(1_001);
  let found = 0;
  for (let at = lastPlace(table, 'always'); at >= 0; at = placeBefore(table, at)) found++;
  expect(found).toBe(99_000);
});

test('texts of the same hash are told apart by whoever asks', () => {
  // FNV-1a of 32 bits does not tell these two apart.
  expect(places(['costarring', 'x', 'liquid'], 'liquid')).toEqual([2, 0]);
});

test('each of many texts is found in a moment, whichever part of it counts on', () => {
  for (const textOf of [
    (at: number) => String(at).padStart(12, '0'),
    (at: number) => [...String(at).padStart(12, '0')].reverse().join(''),
    (at: number) => new Date(at * 50).toISOString(),
    (at: number) => new Date(at * 1_000).toISOString(),
  ]) {
    const table = newTextTable();
    for (let at = 0; at < 50_000; at++) addText(table, textOf(at));
    const { rows } = table;
    let longest = 0;
    for (let row = 0, length = 0; row < rows.length; row += 2) {
      length = rows[row + 1] === 0 ? 0 : length + 1;
      longest = Math.max(longest, length);
    }
    // 50,000 texts in 131,072 rows.
    expect(rows.length).toBe(2 * 131_072);
    expect(longest).toBeLessThan(40);
    for (let at = 0; at < 50_000; at += 997) expect(lastPlace(table, textOf(at))).toBe(at);
  }
});
