// program.ts: a card program: state, decisions, in that order.

import type { ProgramEvent, RatesPublished, Recorded } from '../events.ts';
import type { ProgramId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import { fromIso, type Instant } from '../time.ts';
import { type HoldExpiryDays, usualHoldExpiry } from './holdExpiry.ts';
import { MAX_RATES, NO_RATES, published, type RateTable } from './rates.ts';

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
      return { ...program, rates: published(program.rates, event.data), version };
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
  | ({ readonly type: 'publishRates' } & RatesPublished['data'])
  | { readonly type: 'setMarkup'; readonly programId: ProgramId; readonly basisPoints: number }
  | { readonly type: 'setHoldExpiry'; readonly programId: ProgramId; readonly days: HoldExpiryDays };

export type ProgramRefusal =
  | 'program_exists'
  | 'program_not_found'
  | 'rates_never_valid'
  | 'rate_of_same_currency'
  | 'rate_twice'
  | 'too_many_rates';

export function decideProgram(
  program: Program | undefined,
  command: ProgramCommand,
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
      return publish(command);
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
function publish({
  type: _,
  ...data
}: Extract<ProgramCommand, { readonly type: 'publishRates' }>): ProgramEvent | { readonly refusal: ProgramRefusal } {
  const { rates, validFrom, validUntil } = data;
  if (rates.length > MAX_RATES) return { refusal: 'too_many_rates' };
  if (fromIso(validFrom) >= fromIso(validUntil)) return { refusal: 'rates_never_valid' };
  if (rates.some(({ base, quote }) => base === quote)) return { refusal: 'rate_of_same_currency' };
  const pairs = new Set(rates.map(({ base, quote }) => [base, quote].toSorted().join('/')));
  return pairs.size === rates.length ? { type: 'RatesPublished', data } : { refusal: 'rate_twice' };
}
