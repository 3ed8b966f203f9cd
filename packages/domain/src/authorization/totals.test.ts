import { formatMinor } from '@holdfast/money';
import { describe, expect, test } from 'vitest';
import {
  account,
  authorization,
  authorizationAdvice,
  card,
  cardClosed,
  clearing,
  clearingReversal,
  expiry,
  financialAuthorization,
  given,
  increment,
  incrementAdvice,
  lateRelease,
  purchase,
  refund,
  refundAuthorization,
  refundReversal,
  reversal,
  type Sent,
  type Step,
  type Story,
} from '../testing/index.ts';

/** `approved 100.00/110.00`: in the transaction's currency, and in the account's; what is nothing is left out. */
function sumsOf(story: Story): string {
  const { totals, accountTotals, currency } = purchase(story);
  const parts = Object.entries(totals).map(([name, minor]) => {
    const accountMinor = accountTotals[name as keyof typeof totals];
    const sum = `${formatMinor(minor, currency)}/${formatMinor(accountMinor, story.currency)}`;
    return minor === 0n && accountMinor === 0n ? '' : `${name.replace('Minor', '')} ${sum}`;
  });
  return parts.filter((part) => part !== '').join(', ');
}

const ready = [account('500.00', 'USD'), card()];
const EARLIER = '2026-03-01T11:59:59.000Z';
/** In euros, of which each is billed as 1.10 dollars. */
const euros = (amount: number, said: Sent = {}) =>
  [`${amount.toFixed(2)} EUR`, { billed: (amount * 1.1).toFixed(2), ...said }] as const;
const approved = [...ready, authorization(...euros(100))];
const declined = [...ready, authorization(...euros(600))];
const cleared = [...approved, clearing(...euros(100))];
const notFinal = { final: false };
const late = { sent: EARLIER };
const plus = increment(...euros(50, { stan: '000777' }));

describe('a transaction adds up what was asked for, and what became of it', () => {
  test.each<[string, readonly Step[], string, string]>([
    ['approved', approved, 'pending', 'requested 100.00/110.00, approved 100.00/110.00, open 100.00/110.00'],
    ['declined', declined, 'declined', 'requested 600.00/660.00'],
    [
      'approved in part', // 600.00 × 500 / 660
      [...ready, authorization(...euros(600, { partial: true }))],
      'pending',
      'requested 600.00/660.00, approved 454.54/499.99, open 454.54/499.99',
    ],
    ['raised', [...approved, plus], 'pending', 'requested 150.00/165.00, approved 150.00/165.00, open 150.00/165.00'],
    [
      'raised in part', // 390.00 are left: 400.00 × 390 / 440
      [...approved, increment(...euros(400, { partial: true }))],
      'pending',
      'requested 500.00/550.00, approved 454.54/499.99, open 454.54/499.99',
    ],
    [
      'not raised',
      [...approved, increment(...euros(400))],
      'pending',
      'requested 100.00/110.00, approved 100.00/110.00, open 100.00/110.00',
    ],
    [
      'raised too late',
      [...approved, plus, lateRelease()],
      'pending',
      'requested 150.00/165.00, approved 150.00/165.00, open 100.00/110.00, reversed 50.00/55.00',
    ],
    [
      'raised by nothing when it has expired',
      [...approved, expiry(), increment('0.00 EUR')],
      'expired',
      'requested 100.00/110.00, approved 100.00/110.00',
    ],
    [
      'raised by nothing when it is settled',
      [...cleared, increment('0.00 EUR')],
      'settled',
      'requested 100.00/110.00, approved 100.00/110.00, cleared 100.00/110.00',
    ],
    [
      'reversed in part',
      [...approved, reversal('30.00 EUR')],
      'pending',
      'requested 100.00/110.00, approved 100.00/110.00, open 70.00/77.00, reversed 30.00/33.00',
    ],
    [
      'cleared in part',
      [...approved, clearing(...euros(60, notFinal))],
      'partially_settled',
      'requested 100.00/110.00, approved 100.00/110.00, open 40.00/44.00, cleared 60.00/66.00',
    ],
    [
      'cleared in part in a third currency', // 66.00 of 110.00
      [...approved, clearing('50.00 GBP', { billed: '66.00', final: false })],
      'partially_settled',
      'requested 100.00/110.00, approved 100.00/110.00, open 40.00/44.00, cleared 60.00/66.00',
    ],
    [
      'cleared for less',
      [...approved, clearing(...euros(60))],
      'settled',
      'requested 100.00/110.00, approved 100.00/110.00, cleared 60.00/66.00',
    ],
    [
      'posted back in part',
      [...cleared, clearingReversal('30.00 EUR')],
      'settled',
      'requested 100.00/110.00, approved 100.00/110.00, cleared 70.00/77.00',
    ],
    ['expired', [...approved, expiry()], 'expired', 'requested 100.00/110.00, approved 100.00/110.00'],
    [
      'refunded, and some of that taken back',
      [...cleared, refund(...euros(30)), refundReversal(...euros(10))],
      'settled',
      'requested 100.00/110.00, approved 100.00/110.00, cleared 100.00/110.00, refunded 20.00/22.00',
    ],
  ])('%s', (_, steps, status, sums) => {
    const { story } = given(...steps).when();
    expect([purchase(story).status, sumsOf(story)]).toEqual([status, sums]);
  });
});

describe('an advice makes what stands its total', () => {
  test.each<[string, readonly Step[], string]>([
    [
      'raised',
      [...approved, authorizationAdvice(...euros(120))],
      'requested 100.00/110.00, approved 120.00/132.00, open 120.00/132.00',
    ],
    [
      'lowered',
      [...approved, authorizationAdvice(...euros(80))],
      'requested 100.00/110.00, approved 80.00/88.00, open 80.00/88.00',
    ],
    [
      'in place of what was reversed',
      [...approved, reversal('30.00 EUR'), authorizationAdvice(...euros(80))],
      'requested 100.00/110.00, approved 80.00/88.00, open 80.00/88.00',
    ],
    [
      'and what was requested, also when its request comes after it',
      [...ready, authorizationAdvice(...euros(80)), authorization(...euros(80, late))],
      'requested 80.00/88.00, approved 80.00/88.00, open 80.00/88.00',
    ],
    [
      'and what was requested, also when it is of a single message in another currency',
      [...ready, authorizationAdvice(...euros(80)), financialAuthorization('90.00', late)],
      'requested 80.00/88.00, approved 80.00/88.00, open 80.00/88.00',
    ],
    [
      'beside what was cleared',
      [...approved, clearing(...euros(60, notFinal)), authorizationAdvice(...euros(80))],
      'requested 100.00/110.00, approved 80.00/88.00, open 20.00/22.00, cleared 60.00/66.00',
    ],
    [
      'in another currency, also what was asked for',
      [...approved, authorizationAdvice('120.00')],
      'requested 120.00/120.00, approved 120.00/120.00, open 120.00/120.00',
    ],
    [
      'of what we had declined',
      [...declined, authorizationAdvice(...euros(80))],
      'requested 600.00/660.00, approved 80.00/88.00, open 80.00/88.00',
    ],
    [
      'of what the network had declined',
      [...ready, authorizationAdvice(...euros(80, { decision: 'declined' })), authorizationAdvice(...euros(90))],
      'requested 90.00/99.00, approved 90.00/99.00, open 90.00/99.00',
    ],
    [
      'of what was cleared before',
      [...ready, clearing(...euros(60, notFinal)), authorizationAdvice(...euros(80))],
      'requested 80.00/88.00, approved 80.00/88.00, open 20.00/22.00, cleared 60.00/66.00',
    ],
    [
      'alone, and then anew: what was asked for is the first',
      [...ready, authorizationAdvice(...euros(80)), authorizationAdvice(...euros(90))],
      'requested 80.00/88.00, approved 90.00/99.00, open 90.00/99.00',
    ],
    [
      'of an increment, added',
      [...approved, incrementAdvice(...euros(50))],
      'requested 150.00/165.00, approved 150.00/165.00, open 150.00/165.00',
    ],
    [
      'of an increment that is known, not added',
      [...approved, plus, incrementAdvice(...euros(50, { stan: '000777', sent: '2026-03-01T13:00:00.000Z' }))],
      'requested 150.00/165.00, approved 150.00/165.00, open 150.00/165.00',
    ],
    [
      'of an increment after the final clearing: it can be reversed again',
      [...cleared, incrementAdvice(...euros(50)), reversal('20.00 EUR')],
      'requested 150.00/165.00, approved 150.00/165.00, open 30.00/33.00, reversed 20.00/22.00, cleared 100.00/110.00',
    ],
    [
      'of an increment alone, and then what it was added to',
      [...ready, incrementAdvice(...euros(50)), authorization(...euros(100, late))],
      'requested 150.00/165.00, approved 150.00/165.00, open 150.00/165.00',
    ],
  ])('%s', (_, steps, sums) => expect(sumsOf(given(...steps).when().story)).toBe(sums));
});

test.each<[string, Step]>([
  ['an authorization', authorization(...euros(80, late))],
  ['a single message', financialAuthorization(...euros(80, late))],
])('%s that comes after its own advice adds nothing to what stands', (_, step) => {
  const { story } = given(...ready, authorizationAdvice(...euros(80))).when(step);
  expect(sumsOf(story)).toMatch(/, approved 80\.00\/88\.00, open 80\.00\/88\.00$/);
});

describe('a request after its own clearing adds what is missing', () => {
  const first = [...ready, clearing(...euros(60, notFinal))];
  const abroad = [...ready, clearing('50.00 GBP', { billed: '66.00', final: false })];
  const posted = 'requested 100.00/110.00, approved 100.00/110.00, cleared 100.00/110.00';
  const held = 'requested 100.00/110.00, approved 100.00/110.00, open 40.00/44.00';

  test.each<[string, readonly Step[], string]>([
    ['to what is held', [...first, authorization(...euros(100, late))], `${held}, cleared 60.00/66.00`],
    [
      'also when that was in a third currency',
      [...abroad, authorization(...euros(100, late))],
      `${held}, cleared 60.00/66.00`,
    ],
    [
      'which is then posted back in the request’s own',
      [...abroad, authorization(...euros(100, late)), clearingReversal('30.00 EUR')],
      `${held}, cleared 30.00/33.00`,
    ],
    ['to what is posted', [...first, financialAuthorization(...euros(100, late))], posted],
    ['to what was posted in a third currency', [...abroad, financialAuthorization(...euros(100, late))], posted],
  ])('%s', (_, steps, sums) => expect(sumsOf(given(...steps).when().story)).toBe(sums));
});

describe('a single message', () => {
  const posted = [...ready, financialAuthorization(...euros(100))];

  test.each<[string, readonly Step[], string]>([
    ['is cleared at once', posted, 'requested 100.00/110.00, approved 100.00/110.00, cleared 100.00/110.00'],
    [
      'is reversed in part',
      [...posted, reversal('30.00 EUR')],
      'requested 100.00/110.00, approved 100.00/110.00, reversed 30.00/33.00, cleared 70.00/77.00',
    ],
    [
      'is posted back when it was too late',
      [...posted, lateRelease()],
      'requested 100.00/110.00, approved 100.00/110.00, reversed 100.00/110.00',
    ],
    [
      'is cleared for less',
      [...posted, clearing(...euros(90))],
      'requested 100.00/110.00, approved 100.00/110.00, cleared 90.00/99.00',
    ],
  ])('%s', (_, steps, sums) => expect(sumsOf(given(...steps).when().story)).toBe(sums));

  test('posted back when it was too late leaves the clearing that came before it', () => {
    const late = [...ready, clearing('60.00', notFinal), financialAuthorization('100.00', { sent: EARLIER })];
    expect(given(...late).when(lateRelease())).toMatchObject({
      ...{ posted: '440.00', cleared: '60.00', status: 'settled' },
    });
    expect(given(...late, lateRelease()).when(clearingReversal('60.00'))).toMatchObject({
      posted: '500.00',
      flags: '',
    });
  });

  test('posted back when it was too late has nothing left to reverse', () =>
    expect(given(...posted, lateRelease()).when(reversal())).toMatchObject({ code: '00', posted: '500.00' }));
});

describe('what is to be given back', () => {
  const announced = [...ready, refundAuthorization(...euros(40))];

  test.each<[string, readonly Step[], string]>([
    ['is pending', announced, 'pendingCredit 40.00/44.00'],
    ['is no request for money when it is declined', [...ready, cardClosed(), refundAuthorization(...euros(40))], ''],
    ['adds up', [...announced, refundAuthorization(...euros(30))], 'pendingCredit 70.00/77.00'],
    [
      'is reversed as a whole by the sum of all that was announced',
      [...announced, refundAuthorization(...euros(30)), refund(...euros(10)), reversal('70.00 EUR')],
      'refunded 10.00/11.00',
    ],
    [
      'is only what is missing when its refund came first',
      [...ready, refund(...euros(30)), refundAuthorization(...euros(40, late))],
      'refunded 30.00/33.00, pendingCredit 10.00/11.00',
    ],
    [
      'is nothing when its refund came first and was more',
      [...ready, refund(...euros(50)), refundAuthorization(...euros(40, late))],
      'refunded 50.00/55.00',
    ],
    [
      'is all of it after a refund that was sent no later',
      [...ready, refund(...euros(30)), refundAuthorization(...euros(40))],
      'refunded 30.00/33.00, pendingCredit 40.00/44.00',
    ],
    [
      'is all of it when something was announced before',
      [...ready, refundAuthorization(...euros(20)), refund(...euros(30)), refundAuthorization(...euros(40, late))],
      'refunded 30.00/33.00, pendingCredit 40.00/44.00',
    ],
    [
      'is all of it beside a purchase',
      [...cleared, refund(...euros(30)), refundAuthorization(...euros(40, late))],
      'requested 100.00/110.00, approved 100.00/110.00, cleared 100.00/110.00, refunded 30.00/33.00, ' +
        'pendingCredit 40.00/44.00',
    ],
  ])('%s', (_, steps, sums) => expect(sumsOf(given(...steps).when().story)).toBe(sums));
});
