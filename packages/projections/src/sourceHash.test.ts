import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newDirectory } from '../test/readModels.ts';
import { hashOfSources, sourcesOfReadModels } from './sourceHash.ts';

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await newDirectory();
  await mkdir(join(folder, 'inner'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

test('a hash of sources changes with each of them, and with nothing else', async () => {
  const hash = async (files: Readonly<Record<string, string>>) => hashOfSources([await folderWith(files)]);
  const before = await hash({ 'a.ts': '1', 'inner/b.ts': '2' });
  expect(await hash({ 'inner/b.ts': '2', 'a.ts': '1' })).toBe(before);
  expect(await hash({ 'a.ts': '1', 'inner/b.ts': '2', 'a.test.ts': '3', 'a.md': '4' })).toBe(before);
  expect(await hash({ 'a.ts': '1', 'inner/b.ts': '3' })).not.toBe(before);
  expect(await hash({ 'a.ts': '1', 'inner/c.ts': '2' })).not.toBe(before);
  expect(await hash({ 'a.ts': '12', 'inner/b.ts': '' })).not.toBe(before);
});

test('the sources of the read models are found', () => {
  expect(sourcesOfReadModels()).toMatch(/^[\w-]{43}$/);
  expect(sourcesOfReadModels()).toBe(sourcesOfReadModels());
});
