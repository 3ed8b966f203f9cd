import { allCurrencies, currencyOf } from '@holdfast/money';
import { describe, expect, test } from 'vitest';
import type { ProgramEvent, Recorded } from '../events.ts';
import type { CommandId, ProgramId } from '../ids.ts';
import { InvariantBroken } from '../invariant.ts';
import { fromIso, toIso } from '../time.ts';
import { decideProgram, evolveProgram, type Program, type ProgramCommand } from './program.ts';
import { MAX_PAIRS, MAX_RATES, MAX_RATES_PER_PAIR, rateFor } from './rates.ts';

type PublishRates = Extract<ProgramCommand, { readonly type: 'publishRates' }>;
type CurrencyRate = PublishRates['rates'][number];

const programId = 'prog_main' as ProgramId;
const create: ProgramCommand = { type: 'createProgram', programId, name: 'Travel', holdExpiryDays: 7 };

function recorded(event: ProgramEvent, revision: number): Recorded<ProgramEvent> {
  const metadata = { occurredAt: 1_000 + revision, commandId: 'c' as CommandId, correlationId: '', actor: '' };
  return { ...event, metadata, revision };
}

function given(...commands: readonly ProgramCommand[]): Program | undefined {
  return commands.reduce<Program | undefined>((program, command, revision) => {
    const decided = decideProgram(program, command, 1_000 + revision);
    return 'refusal' in decided ? program : evolveProgram(program, recorded(decided, revision));
  }, undefined);
}

describe('a program', () => {
  test('is active once created, and counts its versions by revision', () => {
    expect(given(create)).toEqual({
      programId,
      name: 'Travel',
      status: 'active',
      holdExpiry: { lodging: 30, carRental: 30, cruise: 30, fuel: 2, other: 7 },
      rates: {},
      markupBasisPoints: 0,
      version: 0,
      createdAt: 1_000,
    });
  });

  test('is paused and resumed', () => {
    expect(given(create, { type: 'pauseProgram', programId })).toMatchObject({ status: 'paused', version: 1 });
    expect(given(create, { type: 'pauseProgram', programId }, { type: 'resumeProgram', programId })).toMatchObject({
      status: 'active',
      version: 2,
    });
  });

  test('keeps the reason it was given', () => {
    const decided = decideProgram(given(create), { type: 'pauseProgram', programId, reason: 'audit' }, 2_000);
    expect(decided).toEqual({ type: 'ProgramPaused', data: { programId, reason: 'audit' } });
  });

  test('is created once', () =>
    expect(decideProgram(given(create), create, 2_000)).toEqual({ refusal: 'program_exists' }));

  test('cannot be paused before it is created', () => {
    expect(decideProgram(undefined, { type: 'pauseProgram', programId }, 0)).toEqual({ refusal: 'program_not_found' });
    const paused = recorded({ type: 'ProgramPaused', data: { programId } }, 0);
    expect(() => evolveProgram(undefined, paused)).toThrow(InvariantBroken);
  });
});

describe('the mark-up and the hold expiry of a program', () => {
  test('are what was set last', () => {
    const days = { lodging: 20, carRental: 21, cruise: 22, fuel: 1, other: 5 };
    const program = given(
      create,
      { type: 'setMarkup', programId, basisPoints: 100 },
      { type: 'setMarkup', programId, basisPoints: 150 },
      { type: 'setHoldExpiry', programId, days },
    );
    expect(program).toMatchObject({ markupBasisPoints: 150, holdExpiry: days, version: 3 });
  });

  test('need a program', () => {
    expect(decideProgram(undefined, { type: 'setMarkup', programId, basisPoints: 1 }, 0)).toEqual({
      refusal: 'program_not_found',
    });
  });
});

describe('the rates of a program', () => {
  const [EUR, USD, JPY] = [currencyOf('EUR').code, currencyOf('USD').code, currencyOf('JPY').code];
  const day = (number: number) => `2026-03-${String(number).padStart(2, '0')}T00:00:00.000Z`;
  const march = (number: number) => fromIso(day(number));
  const rate = (base = EUR, quote = USD, rate = '1.09'): CurrencyRate => ({ base, quote, rate });

  function publish(changes: Partial<PublishRates> = {}): PublishRates {
    const valid = { validFrom: day(1), validUntil: day(9) };
    return { type: 'publishRates', programId, source: 'ecb', ...valid, rates: [rate()], ...changes };
  }

  /** So many pairs, each another. */
  function pairs(count: number): readonly CurrencyRate[] {
    const codes = allCurrencies().map(({ code }) => code);
    const all = codes.flatMap((base) => codes.flatMap((quote) => (base >= quote ? [] : [rate(base, quote)])));
    return all.slice(0, count);
  }

  test('are published with their source and time', () => {
    const decided = decideProgram(given(create), publish(), march(5));
    const valid = { validFrom: '2026-03-01T00:00:00.000Z', validUntil: '2026-03-09T00:00:00.000Z' };
    expect(decided).toEqual({
      type: 'RatesPublished',
      data: { programId, source: 'ecb', ...valid, rates: [{ base: EUR, quote: USD, rate: '1.09' }] },
    });
    const program = given(create, publish());
    expect(program).toMatchObject({ version: 1, rates: { 'EUR/USD': [{ rate: '1.09', source: 'ecb', ...valid }] } });
    expect(program && rateFor(program, USD, EUR, march(5))).toMatchObject({
      rate: '1.09',
      inverse: true,
      usable: true,
    });
    expect(JSON.parse(JSON.stringify(program))).toEqual(program);
  });

  test.each<[string, Partial<PublishRates>, string | undefined]>([
    ['that end as they begin', { validUntil: day(1) }, 'rates_never_valid'],
    ['that end before they begin', { validFrom: day(2), validUntil: day(1) }, 'rates_never_valid'],
    ['for one millisecond', { validUntil: toIso(march(1) + 1) }, undefined],
    ['that have ended', { validFrom: day(1), validUntil: day(2) }, undefined],
    ['of nothing', { rates: [rate(EUR, USD, '0')] }, 'rate_invalid'],
    ['below nothing', { rates: [rate(EUR, USD, '-1')] }, 'rate_invalid'],
    ['that are no decimal', { rates: [rate(), rate(EUR, JPY, '1e2')] }, 'rate_invalid'],
    ['of a currency in itself', { rates: [rate(), rate(JPY, JPY)] }, 'rate_of_same_currency'],
    ['of one pair twice', { rates: [rate(), rate(EUR, JPY), rate(EUR, USD, '1.1')] }, 'rate_twice'],
    ['of a pair and its inverse', { rates: [rate(), rate(USD, EUR, '0.91')] }, 'rate_twice'],
    ['of as many pairs as one call may have', { rates: pairs(MAX_RATES) }, undefined],
    ['of one pair more', { rates: pairs(MAX_RATES + 1) }, 'too_many_rates'],
  ])('%s: %s', (_, changes, refusal) => {
    const decided = decideProgram(given(create), publish(changes), march(5));
    expect(decided).toMatchObject(refusal === undefined ? { type: 'RatesPublished' } : { refusal });
  });

  test('are of so many pairs in all, and not of one more', () => {
    const all = pairs(MAX_PAIRS + 1);
    const calls: PublishRates[] = [];
    for (let from = 0; from < MAX_PAIRS; from += MAX_RATES) {
      calls.push(publish({ rates: all.slice(from, from + MAX_RATES) }));
    }
    const program = given(create, ...calls);
    expect(Object.keys(program?.rates ?? {})).toHaveLength(MAX_PAIRS);
    expect(decideProgram(program, publish({ rates: all.slice(-1) }), march(5))).toEqual({ refusal: 'too_many_pairs' });
    expect(decideProgram(program, publish({ rates: all.slice(0, 1) }), march(5))).toMatchObject({
      type: 'RatesPublished',
    });
  });

  test('of one pair that have not begun are so many at most, until they have', () => {
    const begins = (number: number) => publish({ validFrom: day(number), validUntil: day(number + 1) });
    const early = Array.from({ length: MAX_RATES_PER_PAIR }, (_, each) =>
      publish({ validFrom: toIso(march(10) + each), validUntil: day(20) }),
    );
    const program = given(create, ...early);
    expect(program?.rates['EUR/USD']).toHaveLength(MAX_RATES_PER_PAIR);
    expect(decideProgram(program, begins(15), march(5))).toEqual({ refusal: 'too_many_rates_of_pair' });
    // Another pair has its own; and in a week, the newest of them is all that is left.
    expect(decideProgram(program, { ...begins(15), rates: [rate(USD, EUR)] }, march(5))).toHaveProperty('type');
    expect(decideProgram(program, begins(15), march(12))).toHaveProperty('type');
  });
});
