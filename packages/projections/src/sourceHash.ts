// sourceHash.ts: a hash of every source that decides what the rows hold. Another hash: the read models are rebuilt.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/**
 * Of this package, of the decoder with its upcasters, of the answers that the messages show, of what stands in
 * suspense, and of how many reversals wait in an account.
 */
export function sourcesOfReadModels(): string {
  const require = createRequire(import.meta.url);
  const domain = dirname(require.resolve('@holdfast/domain'));
  return hashOfSources([
    import.meta.dirname,
    dirname(require.resolve('@holdfast/events')),
    join(domain, 'accounts'),
    join(domain, 'authorization'),
    join(domain, 'controls'),
    join(domain, 'ledger'),
  ]);
}

/** Names and contents of all TypeScript files under `folders`, tests left out, in an order that no file system decides. */
export function hashOfSources(folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile() && file.name.endsWith('.ts') && !file.name.endsWith('.test.ts'))
      .map((file) => join(file.parentPath, file.name))
      .sort();
    for (const file of files) {
      const content = readFileSync(file);
      hash.update(`${relative(folder, file)}\n${content.length}\n`).update(content);
    }
  }
  return hash.digest('base64url');
}
