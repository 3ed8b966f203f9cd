// transactionText.test.ts: what is written is read as it was.

import {
  account,
  authorization,
  authorizationAdvice,
  card,
  clearing,
  financialAuthorization,
  given,
  increment,
  lateRelease,
  refund,
  refundAuthorization,
  reversal,
  type Step,
} from '@holdfast/domain/testing';
import { describe, expect, test } from 'vitest';
import { transactionOf, transactionText } from './transactionText.ts';

const opened = [account('500.00'), card()];

function transactionAfter(...steps: readonly [...Step[], Step]) {
  const [last] = steps.slice(-1);
  if (last === undefined) throw new Error('no step');
  const { story } = given(...opened, ...steps.slice(0, -1)).when(last);
  const [transaction] = story.account.transactions.values();
  if (transaction === undefined) throw new Error('the story has no transaction');
  return transaction;
}

describe('a transaction', () => {
  test.each<[string, readonly [...Step[], Step]]>([
    ['that is pending', [authorization('40.00')]],
    ['that was declined', [authorization('600.00')]],
    ['with increments, one of them reversed in part', [authorization('40.00'), increment('5.00'), reversal('1.00')]],
    ['that was cleared in part', [authorization('40.00'), clearing('10.00', { final: false })]],
    ['of a single message', [financialAuthorization('40.00')]],
    ['that was released as late', [authorization('40.00'), lateRelease()]],
    ['that is only advised', [authorizationAdvice('600.00')]],
    ['with a refund', [authorization('40.00'), clearing('40.00'), refund('15.00')]],
    ['that is only announced', [refundAuthorization('40.00')]],
  ])('%s is read as it was written', (_, steps) => {
    const transaction = transactionAfter(...steps);
    expect(transactionOf(transactionText(transaction))).toEqual(transaction);
  });

  test('is read as it was written, whatever its texts hold and however large it is', () => {
    const odd = 'é€😀"\\\n 1|\ud800';
    const amountMinor = -(2n ** 100n);
    const transaction = {
      ...transactionAfter(authorization('40.00')),
      ...{ network: odd, authorizationCode: odd, heldMinor: amountMinor, releasedLate: [1, 2] },
      charges: [{ at: odd, amountMinor }],
    };
    expect(transactionOf(transactionText(transaction))).toEqual(transaction);
  });

  test('with an amount that is not named as one is not written', () => {
    const transaction = transactionAfter(authorization('40.00'), increment('5.00'));
    const increments = transaction.increments.map((each) => ({ ...each, other: 1n }));
    expect(() => transactionText({ ...transaction, increments })).toThrow(TypeError);
  });
});
