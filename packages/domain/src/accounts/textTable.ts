// textTable.ts: at which places of a list a text stands, for a list that grows with every message and is hardly ever asked.

/**
 * A `Map` with a hundred thousand texts goes to five places in memory to take one more in, among them older texts, and the
 * collector follows all that it holds: three of them took a third of the time of a decision. This goes to one, and holds
 * whole numbers.
 */
export type TextTable = {
  /** By the low bits of a hash: one more than the last place with them; 0 for none. As many as a power of two. */
  heads: Int32Array;
  /** Two for each place: the hash of its text, 0 for none; and, as in `heads`, the place before it with the same low bits. */
  links: Int32Array;
  /** How many places of the list it knows. */
  size: number;
};

const LEAST_ROOM = 64;

export function newTextTable(): TextTable {
  return { heads: NO_NUMBERS, links: NO_NUMBERS, size: 0 };
}
const NO_NUMBERS = new Int32Array(0);

/** Makes the next place known, which has this text or none. */
export function addText(table: TextTable, text: string | undefined): void {
  const at = table.size++;
  if (text === undefined) return;
  if (at >= table.heads.length) makeRoom(table, at + 1);
  link(table, at, hashOf(text));
}

/** The last place that may have `text`; -1 for none. Texts of the same hash look alike: whoever asks compares. */
export function lastPlace({ heads, links }: TextTable, text: string): number {
  if (heads.length === 0) return -1;
  const hash = hashOf(text);
  return sameHash(links, (heads[hash & (heads.length - 1)] ?? 0) - 1, hash);
}

/** The last place before `at` that may have the same text as `at`; -1 for none. */
export function placeBefore({ links }: TextTable, at: number): number {
  return sameHash(links, (links[2 * at + 1] ?? 0) - 1, links[2 * at] ?? 0);
}

function sameHash(links: Int32Array, from: number, hash: number): number {
  let at = from;
  while (at >= 0 && links[2 * at] !== hash) at = (links[2 * at + 1] ?? 0) - 1;
  return at;
}

function makeRoom(table: TextTable, places: number): void {
  let room = LEAST_ROOM;
  while (room < places) room *= 2;
  const before = table.links;
  table.heads = new Int32Array(room);
  table.links = new Int32Array(2 * room);
  for (let at = 0; 2 * at < before.length; at++) {
    const hash = before[2 * at] ?? 0;
    if (hash !== 0) link(table, at, hash);
  }
}

function link({ heads, links }: TextTable, at: number, hash: number): void {
  const head = hash & (heads.length - 1);
  links[2 * at] = hash;
  links[2 * at + 1] = heads[head] ?? 0;
  heads[head] = at + 1;
}

/** FNV-1a, 32 bits, never 0; its upper half is brought down, since the lower bits of a hash say where it goes. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash ^ (hash >>> 16) || 1;
}
