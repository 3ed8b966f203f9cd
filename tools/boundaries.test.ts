import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { violations } from './boundaries.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'boundaries-'));
  write('packages/money/src/index.ts', 'export const money = 1;\n');
  write(
    'packages/domain/src/index.ts',
    "import { money } from '../../money/src/index.ts';\nexport const domain = money;\n",
  );
  write(
    'services/standalone/src/index.ts',
    "import { domain } from '../../../packages/domain/src/index.ts';\nexport const all = domain;\n",
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): void {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

describe('the check of boundaries', () => {
  test('passes what is as it should be', async () => {
    await expect(violations(root)).resolves.toEqual([]);
  });

  test.each([
    [
      'the domain reading a file',
      'packages/domain/src/a.ts',
      "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n",
    ],
    ['the domain knowing the time', 'packages/domain/src/a.ts', 'export const a = () => Date.now();\n'],
    ['the domain waiting', 'packages/domain/src/a.ts', 'export const a = async () => 1;\n'],
    [
      'money importing the domain',
      'packages/money/src/a.ts',
      "import { domain } from '../../domain/src/index.ts';\nexport const a = domain;\n",
    ],
    [
      'money importing only a type of the domain',
      'packages/money/src/a.ts',
      "import type { domain } from '../../domain/src/index.ts';\nexport type A = typeof domain;\n",
    ],
    [
      'a package importing a service',
      'packages/engine/src/a.ts',
      "import { all } from '../../../services/standalone/src/index.ts';\nexport const a = all;\n",
    ],
    [
      'a service importing another',
      'services/issuing/src/a.ts',
      "import { all } from '../../standalone/src/index.ts';\nexport const a = all;\n",
    ],
    [
      'a package importing another by its name',
      'packages/journal/src/a.ts',
      "import { decode } from '@holdfast/events';\nexport const a = decode;\n",
    ],
    [
      'a package importing a service by its name',
      'packages/engine/src/a.ts',
      "import { all } from '@holdfast/issuing-service';\nexport const a = all;\n",
    ],
    ['the domain using another library', 'packages/domain/src/a.ts', "import { z } from 'zod';\nexport const a = z;\n"],
  ])('finds %s', async (_, file, text) => {
    write(file, text);
    const found = await violations(root);
    expect(found.some((sentence) => sentence.startsWith(file))).toBe(true);
  });
});
