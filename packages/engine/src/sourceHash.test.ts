// sourceHash.test.ts: any change of a source changes the hash, nothing else does.

import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashOfSources, sourceHash } from './sourceHash.ts';

let root: string;
const at = (path: string): string => join(root, path);
const hash = (): string => hashOfSources({ domain: at('domain'), money: at('money') });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-sources-'));
  mkdirSync(at('domain/ledger'), { recursive: true });
  mkdirSync(at('money'));
  writeFileSync(at('domain/index.ts'), 'export {};\n');
  writeFileSync(at('domain/ledger/entry.ts'), 'export const entry = 1;\n');
  writeFileSync(at('money/money.ts'), 'export const money = 1;\n');
});

afterEach(() => rmSync(root, { recursive: true }));

test.each<[string, () => void]>([
  ['a character', () => writeFileSync(at('domain/ledger/entry.ts'), 'export const entry = 2;\n')],
  ['a file more', () => writeFileSync(at('money/rounding.ts'), '')],
  ['a file less', () => rmSync(at('domain/index.ts'))],
  ['another name', () => renameSync(at('domain/index.ts'), at('domain/main.ts'))],
  ['another folder', () => renameSync(at('domain/index.ts'), at('domain/ledger/index.ts'))],
  ['another package', () => renameSync(at('domain/index.ts'), at('money/index.ts'))],
  [
    'the contents of two files exchanged',
    () => {
      writeFileSync(at('domain/index.ts'), 'export const entry = 1;\n');
      writeFileSync(at('domain/ledger/entry.ts'), 'export {};\n');
    },
  ],
  ['an upcaster’s data', () => writeFileSync(at('domain/table.json'), '{}')],
])('%s changes it', (_, change) => {
  const before = hash();
  change();
  expect(hash()).not.toBe(before);
});

test.each<[string, () => void]>([
  ['a test', () => writeFileSync(at('domain/ledger/entry.test.ts'), 'test')],
  ['a hidden file', () => writeFileSync(at('domain/.entry.ts.swp'), 'x')],
  ['an empty folder', () => mkdirSync(at('domain/cards'))],
  [
    'the place where it all lies',
    () => {
      const moved = mkdtempSync(join(tmpdir(), 'holdfast-sources-'));
      cpSync(root, moved, { recursive: true });
      rmSync(root, { recursive: true });
      root = moved;
    },
  ],
])('%s does not', (_, change) => {
  const before = hash();
  change();
  expect(hash()).toBe(before);
});

test('the sources of this release have one, the same each time', () => {
  expect(sourceHash()).toMatch(/^[0-9a-f]{64}$/);
  expect(sourceHash()).toBe(sourceHash());
});
