import { describe, expect, test } from 'vitest';
import {
  account,
  accountVerification,
  authorization,
  authorizationAdvice,
  balanceInquiry,
  card,
  cardClosed,
  cardPaused,
  clearing,
  clearingReversal,
  financialAuthorization,
  given,
  increment,
  lateRelease,
  refund,
  refundAuthorization,
  refundReversal,
  reversal,
  reversalAdvice,
  type Step,
} from '../testing/index.ts';

const dollars = [account('500.00', 'USD'), card()];
const held = [...dollars, authorization('100.00 EUR', { billed: '110.00' })];
const posted = [...dollars, financialAuthorization('100.00 EUR', { billed: '110.00' })];
const notFinal = { final: false };

describe('an answer says in the account’s currency', () => {
  test.each<[string, readonly Step[], Step, billing: bigint | undefined]>([
    ['what was approved', dollars, authorization('100.00 EUR', { billed: '110.00' }), 11_000n],
    ['what was approved in part', dollars, authorization('600.00', { partial: true }), 50_000n],
    ['what was announced', dollars, refundAuthorization('10.00 EUR', { billed: '11.00' }), 1_100n],
    ['what a reversal released', held, reversal('30.00 EUR'), 3_300n],
    ['what a reversal posted back', posted, reversal('30.00 EUR'), 3_300n],
    ['what was cleared', held, clearing('90.00 EUR', { billed: '97.00' }), 9_700n],
    ['what was cleared, also when it was posted before', posted, clearing('90.00 EUR', { billed: '97.00' }), 9_700n],
    [
      'what a clearing reversal posted back',
      [...held, clearing('100.00 EUR', { billed: '110.00' })],
      clearingReversal('50.00 EUR'),
      5_500n,
    ],
    ['what was refunded', dollars, refund('10.00 EUR', { billed: '11.00' }), 1_100n],
    ['what was taken back', dollars, refundReversal('10.00 EUR', { billed: '11.00' }), 1_100n],
    ['nothing of a decline', dollars, authorization('600.00'), undefined],
  ])('%s', (_, before, step, billing) =>
    expect(given(...before).when(step).story.last.answer?.billingMinor).toBe(billing),
  );
});

describe('an answer to a clearing says how much less it is than was taken for it', () => {
  test.each<[string, readonly Step[], Step, released: bigint | undefined]>([
    ['the rest of a hold', held, clearing('90.00 EUR', { billed: '97.00' }), 1_300n],
    ['the rest of a hold in one currency', [...dollars, authorization('100.00')], clearing('60.00'), 4_000n],
    ['the rest of what was posted', posted, clearing('90.00 EUR', { billed: '97.00' }), 1_300n],
    [
      'nothing of a part that is not final',
      [...dollars, authorization('100.00')],
      clearing('60.00', notFinal),
      undefined,
    ],
    ['nothing when it is for all, at another rate', held, clearing('100.00 EUR', { billed: '108.00' }), undefined],
    ['nothing when what was posted is for all', posted, clearing('100.00 EUR', { billed: '108.00' }), undefined],
    ['nothing when it is for more', held, clearing('120.00 EUR', { billed: '132.00' }), undefined],
    ['nothing when nothing was held', dollars, clearing('100.00'), undefined],
  ])('%s', (_, before, step, released) =>
    expect(given(...before).when(step).story.last.answer?.releasedMinor).toBe(released),
  );
});

const TX = 'txn_card_main|authorization|400123|TERM0001|000001|2026-03-01T12:00:00.000Z';
const euros = { currency: 'EUR', flags: [] } as const;
const ready = [account('200.00'), card()];
const bought = [...ready, authorization('40.00')];
const twin = { stan: '000001', sent: '2026-03-01T12:00:00.000Z' };

describe('an answer is whole', () => {
  test.each<[string, readonly Step[], Step, object]>([
    [
      'of an approval',
      ready,
      authorization('40.00'),
      {
        ...{ ...euros, decision: 'approved', responseCode: '00', approvedMinor: 4_000n, billingMinor: 4_000n },
        ...{ authorizationCode: 'A00001', transactionId: TX, reasons: [] },
      },
    ],
    [
      'of a partial approval',
      ready,
      authorization('400.00', { partial: true }),
      {
        ...{ ...euros, decision: 'partially_approved', responseCode: '10' },
        ...{ approvedMinor: 20_000n, billingMinor: 20_000n },
        ...{ authorizationCode: 'A00001', transactionId: TX, reasons: ['insufficient_funds'] },
      },
    ],
    [
      'of a decline',
      [...ready, cardPaused()],
      authorization('400.00'),
      {
        ...{ ...euros, decision: 'declined', responseCode: '62', transactionId: TX },
        ...{ reason: 'card_paused', reasons: ['card_paused', 'insufficient_funds'] },
      },
    ],
    [
      'of an increment without an original',
      ready,
      increment('40.00'),
      {
        ...{ ...euros, decision: 'declined', responseCode: '25' },
        ...{ reason: 'original_not_found', reasons: ['original_not_found'] },
      },
    ],
    [
      'of a refund authorization',
      bought,
      refundAuthorization('10.00'),
      {
        ...{ ...euros, decision: 'approved', responseCode: '00', approvedMinor: 1_000n, billingMinor: 1_000n },
        ...{ authorizationCode: 'A00002', transactionId: TX, reasons: [] },
      },
    ],
    [
      'of a balance inquiry',
      bought,
      balanceInquiry('0.00'),
      { ...euros, decision: 'approved', responseCode: '00', spendableMinor: 16_000n, reasons: [] },
    ],
    [
      'of a declined account verification',
      [...ready, cardClosed()],
      accountVerification('0.00'),
      { ...euros, decision: 'declined', responseCode: '46', reason: 'card_closed', reasons: ['card_closed'] },
    ],
    [
      'of a reversal',
      bought,
      reversal('10.00'),
      {
        ...euros,
        ...{ decision: 'accepted', responseCode: '00', billingMinor: 1_000n, transactionId: TX, reasons: [] },
      },
    ],
    [
      'of a refused reversal',
      bought,
      reversal('50.00'),
      {
        ...{ currency: 'EUR', decision: 'accepted', responseCode: '13', transactionId: TX },
        ...{ reason: 'over_reversal', reasons: ['over_reversal'], flags: ['over_reversal'] },
      },
    ],
    [
      'of a reversal that moves nothing',
      [...bought, clearing('40.00')],
      reversal(),
      {
        ...{ ...euros, decision: 'accepted', responseCode: '13', transactionId: TX },
        ...{ reason: 'nothing_to_reverse', reasons: ['nothing_to_reverse'] },
      },
    ],
    [
      'of a reversal that waits',
      ready,
      reversal(),
      {
        ...{ ...euros, decision: 'declined', responseCode: '25' },
        ...{ reason: 'original_not_found', reasons: ['original_not_found'] },
      },
    ],
    [
      'of a reversal advice that waits',
      ready,
      reversalAdvice(),
      {
        ...{ ...euros, decision: 'accepted', responseCode: '00' },
        ...{ reason: 'original_not_found', reasons: ['original_not_found'] },
      },
    ],
    [
      'of an advice',
      bought,
      authorizationAdvice('50.00'),
      { ...euros, decision: 'accepted', responseCode: '00', transactionId: TX, reasons: [] },
    ],
    [
      'of an advice of what the network declined',
      ready,
      authorizationAdvice('50.00', { decision: 'declined' }),
      {
        ...{ ...euros, decision: 'accepted', responseCode: '00' },
        transactionId: TX,
        ...{ reason: 'declined_by_network', reasons: ['declined_by_network'] },
      },
    ],
    [
      'of a reversal advice of what the network declined',
      ready,
      reversalAdvice(undefined, { decision: 'declined' }),
      {
        ...{ ...euros, decision: 'accepted', responseCode: '00' },
        ...{ reason: 'declined_by_network', reasons: ['declined_by_network'] },
      },
    ],
    [
      'of a clearing without a rate',
      ready,
      clearing('10.00 USD'),
      { currency: 'USD', decision: 'accepted', responseCode: '00', reasons: [], flags: ['no_rate'] },
    ],
    [
      'of a request with the identity of another',
      bought,
      authorization('41.00', twin),
      {
        ...{ ...euros, decision: 'declined', responseCode: '94', transactionId: TX },
        ...{ reason: 'identity_conflict', reasons: ['identity_conflict'] },
      },
    ],
    [
      'of a fact with the identity of another',
      [...ready, clearing('10.00', { ...twin, of: null })],
      clearing('11.00', { ...twin, of: null }),
      {
        ...{ ...euros, decision: 'accepted', responseCode: '94' },
        transactionId: TX.replace('authorization', 'clearing'),
        ...{ reason: 'identity_conflict', reasons: ['identity_conflict'] },
      },
    ],
    [
      'of a repeat of what was released as late',
      [...bought, lateRelease()],
      authorization('40.00', twin),
      {
        ...{ ...euros, decision: 'declined', responseCode: '91', transactionId: TX },
        ...{ reason: 'answered_late', reasons: ['answered_late'] },
      },
    ],
  ])('%s', (_, before, step, answer) => expect(given(...before).when(step).story.last.answer).toEqual(answer));
});
