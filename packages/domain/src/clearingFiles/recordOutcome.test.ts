import { describe, expect, test } from 'vitest';
import {
  account,
  authorization,
  card,
  cardPaused,
  clearing,
  clearingReversal,
  expiry,
  financialAuthorization,
  given,
  rates,
  refund,
  refundReversal,
  type Step,
} from '../testing/index.ts';
import { recordOutcome } from './recordOutcome.ts';

const ready = [account('200.00'), card()];
const approved = [...ready, authorization('100.00')];
const notFinal = { final: false };
const arn = { arn: '74000000000000000000001' };

/** What a report says of a record with the answer to `step`. */
function outcome(before: readonly Step[], step: Step): string {
  const { answer } = given(...before).when(step).story.last;
  return answer === undefined ? 'no answer' : recordOutcome(answer);
}

describe('a clearing', () => {
  test.each<[string, outcome: string, readonly Step[], Step]>([
    ['of all', 'matched', approved, clearing('100.00')],
    ['of a part, not final', 'matched', approved, clearing('60.00', notFinal)],
    ['of the rest', 'matched', [...approved, clearing('60.00', notFinal)], clearing('40.00')],
    ['of a cent less', 'under', approved, clearing('99.99')],
    ['of less than the rest', 'under', [...approved, clearing('60.00', notFinal)], clearing('39.00')],
    ['of a cent more', 'over', approved, clearing('100.01')],
    ['above the rest', 'over', [...approved, clearing('60.00', notFinal)], clearing('40.01')],
    ['after its hold expired', 'matched', [...approved, expiry()], clearing('100.00')],
    ['after a decline', 'over', [...ready, cardPaused(), authorization('100.00')], clearing('100.00')],
    ['of a single message', 'matched', [...ready, financialAuthorization('100.00')], clearing('100.00')],
    ['of a single message, for less', 'under', [...ready, financialAuthorization('100.00')], clearing('90.00')],
    ['of a single message, for more', 'over', [...ready, financialAuthorization('100.00')], clearing('110.00')],
    ['without a rate', 'suspended', approved, clearing('60.00 USD')],
    ['of no purchase', 'unmatched', ready, clearing('10.00')],
    ['presented twice', 'duplicate', [...approved, clearing('100.00', arn)], clearing('100.00', arn)],
  ])('%s is %s', (_, expected, before, step) => {
    expect(outcome(before, step)).toBe(expected);
  });
});

describe('a clearing in another currency than the account’s', () => {
  const abroad = [account('200.00', 'USD'), card(), rates({ 'EUR/USD': '1.0900' })];
  const held = [...abroad, authorization('40.00 EUR', { billed: '43.60' })];

  test.each<[string, outcome: string, readonly Step[], Step]>([
    ['of all, billed for less', 'matched', held, clearing('40.00 EUR', { billed: '43.00' })],
    ['of all, billed for more', 'matched', held, clearing('40.00 EUR', { billed: '44.00' })],
    ['of less', 'under', held, clearing('30.00 EUR', { billed: '32.70' })],
    ['of less, billed for what was held', 'matched', held, clearing('39.99 EUR', { billed: '43.60' })],
    ['of more', 'over', held, clearing('41.00 EUR', { billed: '44.69' })],
    ['in the account’s own, below what was held', 'under', held, clearing('40.00')],
  ])('%s is %s', (_, expected, before, step) => {
    expect(outcome(before, step)).toBe(expected);
  });
});

describe('money for the cardholder', () => {
  const cleared = [...approved, clearing('100.00')];

  test.each<[string, outcome: string, readonly Step[], Step]>([
    ['a refund', 'matched', cleared, refund('100.00')],
    ['a refund of more', 'over', cleared, refund('100.01')],
    ['a refund of no purchase', 'unmatched', ready, refund('5.00')],
    ['a refund presented twice', 'duplicate', [...cleared, refund('5.00', arn)], refund('5.00', arn)],
    ['a clearing reversal', 'matched', cleared, clearingReversal('100.00')],
    ['a clearing reversal of more', 'over', cleared, clearingReversal('100.01')],
    ['a clearing reversal of no clearing', 'unmatched', ready, clearingReversal('100.00')],
    ['a refund reversal', 'matched', [...cleared, refund('10.00')], refundReversal('10.00')],
    ['a refund reversal of more', 'over', [...cleared, refund('10.00')], refundReversal('10.01')],
  ])('%s is %s', (_, expected, before, step) => {
    expect(outcome(before, step)).toBe(expected);
  });
});
