// recordOutcome.ts: what became of one record of a clearing file, read from the answer that it got.

import type { Answer } from '../authorization/answer.ts';
import type { Flag } from '../authorization/reasons.ts';

/**
 * One for each record, the first that fits: the same presentment as before; no purchase that it belongs to; booked against
 * suspense; for more than was approved; for less; as it was approved.
 */
export const RECORD_OUTCOMES = ['duplicate', 'unmatched', 'suspended', 'over', 'under', 'matched'] as const;
export type RecordOutcome = (typeof RECORD_OUTCOMES)[number];

const UNMATCHED: readonly Flag[] = ['force_post', 'no_original'];
/** A clearing after a decline is over: nothing was approved. */
const OVER: readonly Flag[] = ['over_capture', 'over_refund', 'over_reversal', 'after_decline'];

export function recordOutcome({ reason, flags, releasedMinor }: Answer): RecordOutcome {
  const has = (some: readonly Flag[]): boolean => flags.some((flag) => some.includes(flag));
  if (reason === 'identity_conflict' || has(['possible_duplicate'])) return 'duplicate';
  if (reason === 'card_not_found' || has(UNMATCHED)) return 'unmatched';
  if (has(['no_rate'])) return 'suspended';
  if (has(OVER)) return 'over';
  return releasedMinor === undefined ? 'matched' : 'under';
}

/** Whether the record's money stands in suspense: nobody's, or without a rate, or a clearing reversal without a clearing. */
export function isSuspended({ reason, transactionId }: Answer): boolean {
  return reason === 'card_not_found' || (transactionId === undefined && reason !== 'identity_conflict');
}
