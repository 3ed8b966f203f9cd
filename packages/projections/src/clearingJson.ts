// clearingJson.ts: what a clearing file says of itself and what became of it as JSON, amounts as decimal strings.

import type { ClearingFileReport, ClearingSum } from '@holdfast/domain';
import { decodeMinor } from '@holdfast/money';

/** What a list shows of a report: not its records. */
export type ClearingOutcome = Pick<ClearingFileReport, 'outcomes' | 'currencies' | 'charged'>;

export function encodeSums(sums: readonly ClearingSum[]): string {
  return JSON.stringify(sums, asText);
}

/** Reads only what `encodeSums` wrote. */
export function decodeSums(text: string): readonly ClearingSum[] {
  return JSON.parse(text, asAmount) as readonly ClearingSum[];
}

export function encodeOutcome({ outcomes, currencies, charged }: ClearingOutcome): string {
  return JSON.stringify({ outcomes, currencies, charged }, asText);
}

/** Reads only what `encodeOutcome` wrote. */
export function decodeOutcome(text: string): ClearingOutcome {
  return JSON.parse(text, asAmount) as ClearingOutcome;
}

function asText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

function asAmount(field: string, value: unknown): unknown {
  return typeof value === 'string' && field.endsWith('Minor') ? decodeMinor(value) : value;
}
