// textTable.ts: at which places of a list a text stands, for lists that grow with every decision.

/**
 * A `Map` of a hundred thousand texts goes to some four places in memory to say that one is not there, two of them of other
 * texts, and the collector follows all that it holds: five of them took half of the time of a decision. This goes to one,
 * and holds whole numbers.
 */
export type TextTable = {
  /**
   * Two numbers a row: a hash, and one more than the last place of a text with it; 0 in an empty row. A hash stands in the
   * row that its low bits say, or in the next that was empty. As many rows as a power of two.
   */
  rows: Int32Array;
  /** How many rows are not empty. */
  taken: number;
  /** By place: one more than the place before it whose text has the same hash; 0 for none. */
  before: Int32Array;
  /** How many places of the list it knows. */
  size: number;
};

const LEAST_ROWS = 32;

export function newTextTable(): TextTable {
  return { rows: NO_NUMBERS, taken: 0, before: NO_NUMBERS, size: 0 };
}
const NO_NUMBERS = new Int32Array(0);

/** Makes the next place known, which has this text or none. */
export function addText(table: TextTable, text: string | undefined): void {
  const at = table.size++;
  if (text === undefined) return;
  if (at >= table.before.length) table.before = longer(table.before, at);
  // Two thirds of the rows at most: with more, an empty one is far from where it is looked for.
  if (3 * table.taken >= table.rows.length) moreRows(table);
  const { rows } = table;
  const hash = hashOf(text);
  const row = rowOf(rows, hash);
  const last = rows[row + 1] ?? 0;
  if (last === 0) {
    rows[row] = hash;
    table.taken++;
  }
  rows[row + 1] = at + 1;
  table.before[at] = last;
}

/** The last place that may have `text`; -1 for none. Texts of the same hash look alike: whoever asks compares. */
export function lastPlace({ rows }: TextTable, text: string): number {
  return rows.length === 0 ? -1 : (rows[rowOf(rows, hashOf(text)) + 1] ?? 0) - 1;
}

/** The last place before `at` that may have the same text as `at`; -1 for none. */
export function placeBefore({ before }: TextTable, at: number): number {
  return (before[at] ?? 0) - 1;
}

/** Where the row of `hash` begins, or the empty one where it belongs. */
function rowOf(rows: Int32Array, hash: number): number {
  const within = rows.length - 1;
  let row = (hash << 1) & within;
  while (rows[row + 1] !== 0 && rows[row] !== hash) row = (row + 2) & within;
  return row;
}

function moreRows(table: TextTable): void {
  const { rows: old } = table;
  const rows = new Int32Array(Math.max(2 * LEAST_ROWS, 2 * old.length));
  for (let from = 0; from < old.length; from += 2) {
    const hash = old[from] ?? 0;
    const last = old[from + 1] ?? 0;
    if (last === 0) continue;
    const row = rowOf(rows, hash);
    rows[row] = hash;
    rows[row + 1] = last;
  }
  table.rows = rows;
}

/** With room for place `at`, and as many again. */
function longer(numbers: Int32Array, at: number): Int32Array {
  const all = new Int32Array(Math.max(LEAST_ROWS, 2 * at));
  all.set(numbers);
  return all;
}

/** FNV-1a, 32 bits; its upper half is brought down, since the lower bits of a hash say where it goes. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash ^ (hash >>> 16);
}
