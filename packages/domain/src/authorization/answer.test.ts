import { describe, expect, test } from 'vitest';
import {
  account,
  authorization,
  card,
  clearing,
  clearingReversal,
  financialAuthorization,
  given,
  refund,
  refundAuthorization,
  refundReversal,
  reversal,
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
