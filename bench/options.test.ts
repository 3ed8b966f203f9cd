import { expect, test } from 'vitest';
import { FIGURES, parseOptions } from './options.ts';

test('without arguments everything is measured', () => {
  expect(parseOptions([])).toMatchObject({ only: FIGURES, quick: false, large: false });
});

test('a list of figures, short rounds, another folder', () => {
  expect(parseOptions(['--only', 'http,replay', '--quick', '--out', '/tmp/x'])).toEqual({
    only: ['http', 'replay'],
    quick: true,
    large: false,
    out: '/tmp/x',
  });
});

test.each([[['--only', 'htpp']], [['--fast']], [['http']]])('%j is refused', (args) => {
  expect(() => parseOptions(args)).toThrow();
});
