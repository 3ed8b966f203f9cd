// ratesJson.ts: the published rates of a pair as JSON.

import type { Rate } from '@holdfast/domain';

export function encodeRates(published: readonly Rate[]): string {
  return JSON.stringify(published);
}

/** Reads only what `encodeRates` wrote. */
export function decodeRates(text: string): readonly Rate[] {
  return JSON.parse(text) as readonly Rate[];
}
