// folder.ts: for tests: folders that are removed afterwards, and what is in them.

import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Removed when the test that asks for it ends. */
export function temporaryFolder(): string {
  const folder = newFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'holdfast-standalone-'));
}

/** Every file by its name with a hash of its bytes. */
export function fingerprintOf(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    filesIn(folder).map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
    ]),
  );
}

/** All bytes of all files, for looking for what must not be there. */
export function bytesOf(folder: string): Buffer {
  return Buffer.concat(filesIn(folder).map((file) => readFileSync(join(folder, file))));
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
}
