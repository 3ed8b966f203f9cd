// sourceHash.ts: what snapshots and keys mean, as a hash of the sources that make them. Other sources, other cache.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * SHA-256, in hex, over the sources of domain, money, events (upcasters, ids) and the engine (what is put into a snapshot
 * and which keys are written), without tests. Reads some hundred small files: call it once, at the start.
 */
export function sourceHash(): string {
  return hashOfSources({
    domain: directoryOf(import.meta.resolve('@holdfast/domain')),
    engine: import.meta.dirname,
    events: directoryOf(import.meta.resolve('@holdfast/events')),
    money: directoryOf(import.meta.resolve('@holdfast/money')),
  });
}

/** The same for any directories by name: where they lie does not matter, what lies in them and how it is called does. */
export function hashOfSources(directories: { readonly [name: string]: string }): string {
  const hash = createHash('sha256');
  for (const [name, directory] of Object.entries(directories).sort(byFirst)) {
    for (const [path, file] of sourcesIn(directory)) {
      const content = readFileSync(file);
      // The lengths keep one file's end from passing for the next one's beginning.
      hash.update(`${JSON.stringify(`${name}/${path}`)} ${content.length}\n`).update(content);
    }
  }
  return hash.digest('hex');
}

/** Paths relative to `directory`, with `/` on every system, and where the files are; sorted by path. */
function sourcesIn(directory: string): (readonly [path: string, file: string])[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts') && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [relative(directory, file).split(sep).join('/'), file] as const)
    .sort(byFirst);
}

/** By code units, not by the machine's language. */
function byFirst([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function directoryOf(url: string): string {
  return dirname(fileURLToPath(url));
}
