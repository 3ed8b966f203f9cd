// undecided.test.ts: deadlines, and response codes without a decision.

import { EngineUnavailable, StreamQuarantined } from '@holdfast/engine';
import { networkMessageSchema } from '@holdfast/events';
import { errors } from '@holdfast/http';
import { describe, expect, test } from 'vitest';
import { authorization } from './testing/authorization.ts';
import { deadlineOf, undecided } from './undecided.ts';

describe('without a decision', () => {
  test.each([
    [new EngineUnavailable('queue full'), 'unavailable', 503, '91', { 'retry-after': '1' }],
    [new StreamQuarantined('account-1'), 'quarantined', 500, '96', undefined],
    [new Error('held funds of -1'), 'internal', 500, '96', undefined],
    ['thrown by mistake', 'internal', 500, '96', undefined],
  ])('because of %s: %s', (error, code, status, responseCode, headers) => {
    const problem = undecided(error);
    expect([problem.code, errors[problem.code].status, problem.extras.members, problem.extras.headers]).toEqual([
      code,
      status,
      { response_code: responseCode },
      headers,
    ]);
    expect(problem.message).not.toContain(error instanceof Error ? error.message : error);
    expect(problem.extras.cause).toBe(status === 500 ? error : undefined);
  });
});

describe('a network that asks at 12:00:00', () => {
  const at = (time: string) => Date.parse(`2026-03-01T${time}Z`);

  test.each([
    [undefined, '12:00:05'],
    ['2026-03-01T12:00:01.500Z', '12:00:01.500'],
    ['2026-03-01T11:59:00Z', '11:59:00'], // past already: decided, and answered 91
    ['2026-03-01T12:01:00Z', '12:01:00'],
    ['2026-03-01T12:01:00.001Z', '12:01:00'],
    ['2999-01-01T00:00:00Z', '12:01:00'],
  ])('with answer_by %s waits until %s', (answerBy, until) => {
    const message = authorization({ number: '4761739001010119' });
    const wire = networkMessageSchema.parse({ ...message, ...(answerBy === undefined ? {} : { answer_by: answerBy }) });
    expect(deadlineOf(wire, at('12:00:00'))).toBe(at(until));
  });
});
