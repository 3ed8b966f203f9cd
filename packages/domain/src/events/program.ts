// program.ts: events of the streams `program-<id>`.

import type { CurrencyCode } from '@holdfast/money';
import type { ProgramId } from '../ids.ts';
import type { HoldExpiryDays } from '../programs/holdExpiry.ts';
import type { Event } from './parts.ts';

export type ProgramCreated = Event<
  'ProgramCreated',
  { readonly programId: ProgramId; readonly name: string; readonly holdExpiryDays: number }
>;
export type ProgramPaused = Event<'ProgramPaused', { readonly programId: ProgramId; readonly reason?: string }>;
export type ProgramResumed = Event<'ProgramResumed', { readonly programId: ProgramId; readonly reason?: string }>;
/** One `base` is `rate` of `quote`, from `validFrom` to before `validUntil`. */
export type RatesPublished = Event<
  'RatesPublished',
  {
    readonly programId: ProgramId;
    readonly source: string;
    readonly validFrom: string;
    readonly validUntil: string;
    readonly rates: readonly { readonly base: CurrencyCode; readonly quote: CurrencyCode; readonly rate: string }[];
  }
>;
/** What is added to an amount that is converted by the program's rates, in parts per ten thousand. */
export type MarkupSet = Event<'MarkupSet', { readonly programId: ProgramId; readonly basisPoints: number }>;
export type HoldExpirySet = Event<'HoldExpirySet', { readonly programId: ProgramId; readonly days: HoldExpiryDays }>;
export type ProgramEvent = ProgramCreated | ProgramPaused | ProgramResumed | RatesPublished | MarkupSet | HoldExpirySet;
