import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DISORDER_LEVELS, DISORDERS } from './traffic/disorder.ts';

test('docs/simulator.md has each kind of disorder with its share at every level', async () => {
  const page = await readFile(new URL('../../../docs/simulator.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `--([a-z-]+)` \|.*?((?: \d+ \|)+)$/gm)].map(([, option = '', levels = '']) => [
    option.replaceAll('-', '_'),
    levels.split('|').slice(0, -1).map(Number),
  ]);
  expect(rows).toEqual(DISORDERS.map((kind) => [kind, DISORDER_LEVELS.map((level) => level[kind])]));
});
