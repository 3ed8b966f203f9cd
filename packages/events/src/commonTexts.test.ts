import fc from 'fast-check';
import { expect, test } from 'vitest';
import { networkMessage } from './arbitraries.ts';
import { shareCommonTexts } from './index.ts';

test('a message whose texts are shared says what it said', () => {
  fc.assert(
    fc.property(networkMessage(), (message) => {
      const before = structuredClone(message);
      shareCommonTexts(message);
      expect(message).toEqual(before);
    }),
  );
});
