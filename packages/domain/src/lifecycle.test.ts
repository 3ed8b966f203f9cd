// lifecycle.test.ts: every life that docs/lifecycle.md tells is lived, and comes out as it says.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { live, toldLives } from './testing/toldLife.ts';

const lives = toldLives(readFileSync(new URL('../../../docs/lifecycle.md', import.meta.url), 'utf8'));

test('the page tells lives', () => expect(lives.length).toBeGreaterThan(20));

test.each(lives)('$title', ({ lines }) => expect(live(lines)).toEqual([]));
