import { describe, expect, test } from 'vitest';
import {
  account,
  authorization,
  authorizationAdvice,
  card,
  cardPaused,
  clearing,
  expiry,
  financialAuthorization,
  given,
  incrementAdvice,
  lateRelease,
  type Outcome,
  purchase,
  refund,
  reversal,
  type Step,
} from '../testing/index.ts';

const EARLIER = '2026-03-01T11:59:59.999Z';
const late = (amount: string, said: Parameters<typeof authorization>[1] = {}): Step =>
  authorization(amount, { sent: EARLIER, ...said });
const cleared = (amount: string, said: Parameters<typeof clearing>[1] = {}): readonly Step[] => [
  account('200.00'),
  card(),
  clearing(amount, said),
];

describe('an authorization that comes after its own clearing', () => {
  test.each([
    ['40.00', true, '0.00', '160.00', 'settled'],
    ['40.00', false, '60.00', '160.00', 'partially_settled'],
    ['100.00', false, '0.00', '100.00', 'settled'],
    ['120.00', false, '0.00', '80.00', 'settled'],
  ])('of %s (final: %s) joins it and holds %s, what is missing', (amount, final, held, posted, status) => {
    const outcome = given(...cleared(amount, { final })).when(late('100.00'));
    expect(outcome).toMatchObject({ answer: 'approved', code: '00', flags: 'late', held, posted, status });
    expect(outcome.story.account.transactions.size).toBe(1);
  });

  test('is approved whatever the controls say, and flagged', () => {
    const before = [
      account('50.00'),
      card({ perTransaction: '70.00' }),
      clearing('40.00', { final: false }),
      cardPaused(),
    ];
    expect(given(...before).when(late('100.00'))).toMatchObject({
      answer: 'approved',
      flags: 'late over_limit overdrawn',
      held: '60.00',
      available: '-50.00',
    });
  });

  test.each<[string, readonly Step[], Step]>([
    ['sent at the same time', cleared('40.00'), authorization('100.00')],
    ['sent later', cleared('40.00'), authorization('100.00', { sent: '2026-03-01T12:00:00.001Z' })],
    ['of another card', [...cleared('40.00'), card({ name: 'other' })], late('100.00', { card: 'other' })],
    [
      'with an authorization in between',
      [account('200.00'), card(), authorization('10.00'), clearing('10.00')],
      late('100.00'),
    ],
    ['declined before', [account('200.00'), card(), authorization('300.00'), clearing('10.00')], late('100.00')],
  ])('does not join when %s: it is decided as its own transaction, flagged', (_, before, step) => {
    const outcome = given(...before).when(step);
    expect(outcome).toMatchObject({ answer: 'approved', flags: 'known_network_transaction', held: '100.00' });
    expect(outcome.story.account.transactions.size).toBe(2);
  });

  test('cleared in another currency holds the share that is missing', () => {
    const before = [account('200.00', 'USD'), card(), clearing('30.00 GBP', { billed: '40.00', final: false })];
    const outcome = given(...before).when(late('100.00 EUR', { billed: '110.00' }));
    expect(outcome).toMatchObject({ answer: 'approved', held: '70.00', open: '63.64', posted: '160.00' }); // 100 × 70 / 110
    expect(
      given(...before, late('100.00 EUR', { billed: '110.00' })).when(clearing('63.64 EUR', { billed: '70.00' })),
    ).toMatchObject({
      held: '0.00',
      posted: '90.00',
      status: 'settled',
    });
  });

  test('stands as long as its merchant’s holds do', () => {
    const { story } = given(...cleared('40.00', { final: false })).when(late('100.00', { mcc: '5541' }));
    expect(new Date(purchase(story).expiresAt ?? 0).toISOString()).toBe('2026-03-03T12:00:00.000Z'); // fuel: 2 days
  });

  test('is told the authorization code that its clearing has, else one of its own', () => {
    const codeOf = (said: Parameters<typeof clearing>[1]) =>
      given(...cleared('40.00', said)).when(late('100.00')).story.last.answer?.authorizationCode;
    expect([codeOf({ code: 'B7C8D9' }), codeOf({})]).toEqual(['B7C8D9', 'A00002']);
  });

  test('without a rate is declined on its own', () => {
    const outcome = given(...cleared('40.00')).when(late('100.00 USD'));
    expect(outcome.answer).toBe('declined: fx_rate_missing');
  });

  test('lives on like any other', () => {
    const before = [...cleared('40.00', { final: false }), late('100.00')];
    expect(given(...before).when(reversal('20.00'))).toMatchObject({ held: '40.00', status: 'partially_settled' });
    expect(given(...before).when(expiry())).toMatchObject({ held: '0.00', status: 'settled' });
    expect(given(...before).when(lateRelease())).toMatchObject({ held: '0.00', status: 'settled', posted: '160.00' });
    expect(given(...before).when(clearing('60.00'))).toMatchObject({ flags: '', held: '0.00', posted: '100.00' });
  });
});

describe('an authorization that comes after several messages', () => {
  const SENT = '2026-03-01T12:30:00.000Z';
  const named = { type: 'increment', stan: '000777', transmittedAt: SENT, acquirerId: '400123' } as const;
  const nobody = { original: { ...named, stan: '999999' } };
  const ready = [account('500.00'), card()];
  const raised = [...ready, incrementAdvice('50.00', { stan: '000777', sent: SENT })];
  const known = 'known_network_transaction';

  test.each<[string, readonly Step[], Step, Partial<Outcome>]>([
    [
      'joins the newest of what came',
      [...ready, authorizationAdvice('50.00', nobody), authorizationAdvice('60.00', nobody)],
      late('60.00'),
      { flags: 'late', held: '110.00', open: '60.00' },
    ],
    ['is added to its increment', raised, late('100.00'), { flags: 'late', held: '150.00', open: '150.00' }],
    [
      'is added to what was reversed of its increment',
      [...raised, reversal('20.00', { original: named })],
      late('100.00'),
      { flags: 'late', held: '130.00' },
    ],
    [
      'is held when only its increment was reversed',
      [...raised, reversal(undefined, { original: named })],
      late('100.00'),
      { answer: 'approved', flags: 'late', held: '100.00', status: 'pending' },
    ],
    [
      'is declined when an advice, and then all of it, was reversed',
      [...raised, authorizationAdvice('150.00'), reversal()],
      late('100.00'),
      { answer: 'declined: reversed_before_arrival', held: '0.00' },
    ],
    [
      'is none of an increment in another currency',
      raised,
      late('100.00 USD', { billed: '90.00' }),
      { answer: 'approved', flags: known, held: '140.00' },
    ],
    [
      'as a single message is none of an increment',
      raised,
      financialAuthorization('100.00', { sent: EARLIER }),
      { answer: 'approved', flags: known, held: '50.00', posted: '400.00' },
    ],
    [
      'holds what is missing of what the network declined and then cleared',
      [...ready, authorizationAdvice('100.00', { decision: 'declined' }), clearing('40.00', { final: false })],
      late('100.00'),
      { answer: 'approved', flags: 'late', held: '60.00' },
    ],
    ['joins no refund', [...ready, refund('40.00')], late('100.00'), { answer: 'approved', flags: known }],
    [
      'holds nothing when more was cleared in another currency',
      [account('500.00', 'USD'), card(), clearing('90.00 GBP', { billed: '120.00', final: false })],
      late('100.00 EUR', { billed: '110.00' }),
      { answer: 'approved', flags: 'late', held: '0.00', posted: '380.00', status: 'settled' },
    ],
  ])('%s', (_, before, step, outcome) => expect(given(...before).when(step)).toMatchObject(outcome));
});

test('a request is declined when all of it was reversed before its advice came, whatever was cleared since', () => {
  const before = [
    account('200.00'),
    card(),
    reversal(),
    authorizationAdvice('50.00'),
    clearing('20.00', { final: false }),
  ];
  expect(given(...before).when(late('50.00'))).toMatchObject({
    answer: 'declined: reversed_before_arrival',
    held: '0.00',
    posted: '180.00',
  });
});

test('a request is approved when it was advised anew after it was reversed', () => {
  const before = [account('200.00'), card(), reversal(), authorizationAdvice('50.00'), authorizationAdvice('30.00')];
  expect(given(...before).when(late('50.00'))).toMatchObject({
    answer: 'approved',
    flags: 'late',
    held: '30.00',
    status: 'pending',
  });
});

test('a second authorization with a known network transaction id is a transaction of its own, flagged', () => {
  const outcome = given(account('200.00'), card(), authorization('40.00')).when(authorization('50.00'));
  expect(outcome).toMatchObject({ answer: 'approved', flags: 'known_network_transaction', held: '90.00' });
  expect(outcome.story.account.transactions.size).toBe(2);
});
