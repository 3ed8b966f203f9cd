// program.ts: a card program: state, decisions, in that order.

import { isRate } from '@holdfast/money';
import type { ProgramEvent, RatesPublished, Recorded } from '../events.ts';
import type { ProgramId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { fromIso, type Instant } from '../time.ts';
import { type HoldExpiryDays, usualHoldExpiry } from './holdExpiry.ts';
import { MAX_PAIRS, MAX_RATES, MAX_RATES_PER_PAIR, NO_RATES, pairOf, published, type RateTable } from './rates.ts';

/** Plain JSON: the registry keeps it as such between two runs. */
export type Program = {
  readonly programId: ProgramId;
  readonly name: string;
  readonly status: 'active' | 'paused';
  readonly holdExpiry: HoldExpiryDays;
  readonly rates: RateTable;
  /** Added to what is converted by `rates`. 100 basis points are one percent. */
  readonly markupBasisPoints: number;
  /** Revision of the program's stream: decisions record which one they used. */
  readonly version: number;
  readonly createdAt: Instant;
};

export const MAX_MARKUP_BASIS_POINTS = 2_500;

export function evolveProgram(program: Program | undefined, event: Recorded<ProgramEvent>): Program {
  const version = event.revision;
  if (event.type === 'ProgramCreated') {
    const { programId, name, holdExpiryDays } = event.data;
    return {
      programId,
      name,
      status: 'active',
      holdExpiry: usualHoldExpiry(holdExpiryDays),
      rates: NO_RATES,
      markupBasisPoints: 0,
      version,
      createdAt: event.metadata.occurredAt,
    };
  }
  invariant(program !== undefined, `${event.type} in a program that was not created`);
  switch (event.type) {
    case 'ProgramPaused':
      return { ...program, status: 'paused', version };
    case 'ProgramResumed':
      return { ...program, status: 'active', version };
    case 'RatesPublished':
      return { ...program, rates: published(program.rates, event.data, event.metadata.occurredAt), version };
    case 'MarkupSet':
      return { ...program, markupBasisPoints: event.data.basisPoints, version };
    case 'HoldExpirySet':
      return { ...program, holdExpiry: event.data.days, version };
    default:
      return event satisfies never;
  }
}

export type ProgramCommand =
  | {
      readonly type: 'createProgram';
      readonly programId: ProgramId;
      readonly name: string;
      readonly holdExpiryDays: number;
    }
  | { readonly type: 'pauseProgram' | 'resumeProgram'; readonly programId: ProgramId; readonly reason?: string }
  /** Moments as events have them, in UTC with milliseconds. */
  | ({ readonly type: 'publishRates' } & RatesPublished['data'])
  | { readonly type: 'setMarkup'; readonly programId: ProgramId; readonly basisPoints: number }
  | { readonly type: 'setHoldExpiry'; readonly programId: ProgramId; readonly days: HoldExpiryDays };

export type ProgramRefusal =
  | 'program_exists'
  | 'program_not_found'
  | 'rates_never_valid'
  | 'rate_invalid'
  | 'rate_of_same_currency'
  | 'rate_twice'
  | 'too_many_rates'
  | 'too_many_pairs'
  | 'too_many_rates_of_pair';

/** `now` is the later of the clock and the stream's last event. */
export function decideProgram(
  program: Program | undefined,
  command: ProgramCommand,
  now: Instant,
): ProgramEvent | { readonly refusal: ProgramRefusal } {
  if (command.type === 'createProgram') {
    if (program !== undefined) return { refusal: 'program_exists' };
    const { programId, name, holdExpiryDays } = command;
    return { type: 'ProgramCreated', data: { programId, name, holdExpiryDays } };
  }
  if (program === undefined) return { refusal: 'program_not_found' };
  const { programId } = command;
  switch (command.type) {
    case 'publishRates':
      return publish(program, command, now);
    case 'setMarkup':
      return { type: 'MarkupSet', data: { programId, basisPoints: command.basisPoints } };
    case 'setHoldExpiry':
      return { type: 'HoldExpirySet', data: { programId, days: command.days } };
    case 'pauseProgram':
    case 'resumeProgram': {
      const data = { programId, ...(command.reason === undefined ? {} : { reason: command.reason }) };
      return command.type === 'pauseProgram' ? { type: 'ProgramPaused', data } : { type: 'ProgramResumed', data };
    }
    default:
      return command satisfies never;
  }
}

/** A pair may stand in one publication once, in one direction: else it would say two things. */
function publish(
  program: Program,
  { type: _, ...data }: Extract<ProgramCommand, { readonly type: 'publishRates' }>,
  now: Instant,
): ProgramEvent | { readonly refusal: ProgramRefusal } {
  const { rates, validFrom, validUntil } = data;
  if (rates.length > MAX_RATES) return { refusal: 'too_many_rates' };
  if (fromIso(validFrom) >= fromIso(validUntil)) return { refusal: 'rates_never_valid' };
  if (!rates.every(({ rate }) => isRate(rate))) return { refusal: 'rate_invalid' };
  if (rates.some(({ base, quote }) => base === quote)) return { refusal: 'rate_of_same_currency' };
  const pairs = new Set(rates.map(({ base, quote }) => [base, quote].toSorted().join('/')));
  if (pairs.size < rates.length) return { refusal: 'rate_twice' };
  const after = published(program.rates, data, now);
  if (Object.keys(after).length > MAX_PAIRS) return { refusal: 'too_many_pairs' };
  const most = Math.max(0, ...rates.map(({ base, quote }) => after[pairOf(base, quote)]?.length ?? 0));
  return most > MAX_RATES_PER_PAIR ? { refusal: 'too_many_rates_of_pair' } : { type: 'RatesPublished', data };
}
