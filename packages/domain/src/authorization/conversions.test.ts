import { describe, expect, test } from 'vitest';
import {
  account,
  authorization,
  authorizationAdvice,
  card,
  clearing,
  financialAuthorization,
  given,
  increment,
  incrementAdvice,
  later,
  markup,
  rates,
  refund,
  refundAuthorization,
  refundReversal,
  type Step,
} from '../testing/index.ts';

const DAY_MS = 86_400_000;
const ready = [account('500.00', 'USD'), card()];
const marked = [...ready, rates({ 'EUR/USD': '1.0900' }), markup(150)];

describe('what converts by a rate', () => {
  const before = [...marked, authorization('100.00 EUR')];
  const late = { sent: '2026-03-01T11:59:59.000Z', of: 'B' };

  test.each<[string, readonly Step[], Step, markup: number]>([
    ['an authorization', before, authorization('1.00 EUR'), 150],
    ['a declined one', before, authorization('900.00 EUR'), 150],
    ['an increment', before, increment('1.00 EUR'), 150],
    ['a single message', before, financialAuthorization('1.00 EUR'), 150],
    ['an advice', before, authorizationAdvice('1.00 EUR'), 150],
    ['an increment advice', before, incrementAdvice('1.00 EUR'), 150],
    ['a clearing', before, clearing('1.00 EUR'), 150],
    ['a late request', [...marked, authorizationAdvice('1.00 EUR', { of: 'B' })], authorization('1.00 EUR', late), 150],
    [
      'a late single message',
      [...marked, clearing('1.00 EUR', { of: 'B' })],
      financialAuthorization('2.00 EUR', late),
      150,
    ],
    ['a refund', before, refund('1.00 EUR'), 0],
    ['a refund reversal', before, refundReversal('1.00 EUR'), 0],
    ['a refund authorization', before, refundAuthorization('1.00 EUR'), 0],
  ])('%s keeps it in its event', (_, steps, step, markupBasisPoints) => {
    const [event] = given(...steps).when(step).story.last.wrote;
    expect(event?.data).toMatchObject({ conversion: { from: 'EUR', to: 'USD', rate: '1.0900', markupBasisPoints } });
    expect(event?.data).not.toHaveProperty('conversion.inverse');
  });

  test('the other way round keeps that too', () => {
    const [event] = given(...ready, rates({ 'USD/EUR': '0.9174' })).when(authorization('1.00 EUR')).story.last.wrote;
    expect(event?.data).toMatchObject({ conversion: { rate: '0.9174', inverse: true } });
  });

  test.each<[string, Step]>([
    ['an increment advice', incrementAdvice('1.00 EUR')],
    ['an advice', authorizationAdvice('1.00 EUR')],
    ['a refund', refund('1.00 EUR')],
    ['a refund reversal', refundReversal('1.00 EUR')],
    ['a late request', authorization('1.00 EUR', { sent: '2026-01-01T00:00:00.000Z', of: 'B' })],
    ['a late single message', financialAuthorization('1.00 EUR', { sent: '2026-01-01T00:00:00.000Z', of: 'B' })],
  ])('%s takes an old one, flagged', (_, step) => {
    const old = [...before, clearing('1.00 EUR', { of: 'B' }), later(40 * DAY_MS)];
    expect(
      given(...old)
        .when(step)
        .flags.split(' '),
    ).toContain('stale_rate');
  });

  test('a refund authorization takes no old one', () =>
    expect(given(...before, later(40 * DAY_MS)).when(refundAuthorization('1.00 EUR')).answer).toBe(
      'declined: fx_rate_missing',
    ));

  test.each<[string, Step]>([
    ['an advice', authorizationAdvice('1.00 GBP')],
    ['an increment advice', incrementAdvice('1.00 GBP')],
  ])('%s without one is recorded with its original', (_, step) =>
    expect(given(...before).when(step)).toMatchObject({
      ...{ answer: 'accepted', flags: 'no_rate', wrote: 'AdviceRecorded', status: 'pending', open: '100.00' },
    }),
  );
});

describe('which rate counts', () => {
  test.each<[string, readonly Step[], string]>([
    ['the newest that is valid', [rates({ 'EUR/USD': '1.0900' }), later(1), rates({ 'EUR/USD': '1.1000' })], '44.00'],
    [
      'not one that begins later',
      [rates({ 'EUR/USD': '1.0900' }), rates({ 'EUR/USD': '1.1000' }, { from: '2026-03-01T13:00:00.000Z' })],
      '43.60',
    ],
    [
      'an older one when the newest has ended',
      [
        rates({ 'EUR/USD': '1.0900' }, { from: '2026-03-01T00:00:00.000Z' }),
        rates({ 'EUR/USD': '1.1000' }, { from: '2026-03-01T01:00:00.000Z', until: '2026-03-01T02:00:00.000Z' }),
      ],
      '43.60',
    ],
    [
      'the pair in this direction before the other',
      [rates({ 'USD/EUR': '0.5000' }), rates({ 'EUR/USD': '1.0900' })],
      '43.60',
    ],
    [
      'the other direction when only that is valid',
      [rates({ 'EUR/USD': '1.0900' }, { from: '2026-02-01T00:00:00.000Z' }), rates({ 'USD/EUR': '0.5000' })],
      '80.00',
    ],
    [
      'a correction under the same start replaces the first',
      [rates({ 'EUR/USD': '1.0900' }), rates({ 'EUR/USD': '1.0800' })],
      '43.20',
    ],
  ])('%s', (_, before, held) => {
    expect(given(...ready, ...before).when(authorization('40.00 EUR'))).toMatchObject({ answer: 'approved', held });
  });
});
