import { expect, test } from 'vitest';
import { isTooOld } from './serverVersion.ts';

test.each([
  ['23.10.0', false],
  ['24.10.4', false],
  ['24.2.0.2402', false],
  ['25.0.1-rc.1', false],
  ['0.0.0.0', false],
  ['23.6.0', true],
  ['22.10.5', true],
  ['20.6.1', true],
  ['Unknown', true],
  ['', true],
])('a server that says it is %j is too old: %s', (version, tooOld) => {
  expect(isTooOld(version)).toBe(tooOld);
});
