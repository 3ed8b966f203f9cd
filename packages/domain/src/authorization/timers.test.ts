import { describe, expect, test } from 'vitest';
import type { CommandId, TransactionId } from '../ids.ts';
import { InvariantBroken } from '../invariant.ts';
import {
  account,
  accountClosed,
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
  lateRelease,
  type Outcome,
  purchase,
  refundAuthorization,
  reversal,
  reversalAdvice,
  type Step,
} from '../testing/index.ts';
import { decideTimer, expiryId, lateReleaseId } from './timers.ts';

const approved = [account('200.00'), card(), authorization('100.00')];
const SENT = '2026-03-01T12:00:00.000Z';
const repeated = (at: string): Step => authorization('100.00', { stan: '000001', sent: SENT, at });

describe('an expiry', () => {
  test.each<[string, readonly Step[], answer: string, held: string, status: string]>([
    ['releases a hold', approved, 'done', '0.00', 'expired'],
    ['releases what a reversal left', [...approved, reversal('30.00')], 'done', '0.00', 'expired'],
    ['settles what was cleared in part', [...approved, clearing('30.00', { final: false })], 'done', '0.00', 'settled'],
    ['ends an authorization of nothing', [account(), card(), authorization('0.00')], 'done', '0.00', 'expired'],
    ['does nothing a second time', [...approved, expiry()], 'nothing', '0.00', ''],
    ['does nothing once reversed', [...approved, reversal()], 'nothing', '0.00', ''],
    ['does nothing once cleared', [...approved, clearing('60.00')], 'nothing', '0.00', ''],
    ['does nothing once released late', [...approved, lateRelease()], 'nothing', '0.00', ''],
    ['releases the hold of a closed card', [...approved, cardClosed()], 'done', '0.00', 'expired'],
    ['ends a credit that is due with the hold', [...approved, refundAuthorization('40.00')], 'done', '0.00', 'expired'],
  ])('%s', (_, before, answer, held, status) => {
    expect(given(...before).when(expiry())).toMatchObject({ answer, held, status });
  });

  test.each([
    ['2026-03-08T11:59:59.999Z', 'nothing', '100.00'],
    ['2026-03-08T12:00:00.000Z', 'done', '0.00'],
  ])('comes after the program’s 7 days: at %s, %s', (at, answer, held) => {
    expect(given(...approved).when(expiry({ at }))).toMatchObject({ answer, held });
  });

  test('of another moment than the transaction’s does nothing', () => {
    const { story } = given(...approved).when();
    const [transaction] = story.account.transactions.values();
    if (transaction === undefined) throw new Error('no transaction');
    const { transactionId } = transaction;
    const expiresAt = Date.parse('2026-03-08T12:00:00.000Z');
    const late = Date.parse('2027-01-01T00:00:00.000Z');
    expect(decideTimer(story.account, { type: 'expire', transactionId, expiresAt: expiresAt - 1 }, late)).toEqual([]);
    expect(decideTimer(story.account, { type: 'expire', transactionId, expiresAt }, late)).toHaveLength(1);
  });

  test('of a credit comes when it is due, not at another moment than its own', () => {
    const { story } = given(...approved, expiry(), refundAuthorization('40.00')).when();
    const { transactionId, creditExpiresAt = 0 } = purchase(story);
    const expire = (expiresAt: number, now: number) =>
      decideTimer(story.account, { type: 'expire', transactionId, expiresAt }, now).map(({ type }) => type);
    expect(expire(creditExpiresAt, creditExpiresAt - 1)).toEqual([]);
    expect(expire(creditExpiresAt - 1, creditExpiresAt)).toEqual([]);
    expect(expire(creditExpiresAt, creditExpiresAt)).toEqual(['PendingCreditExpired']);
  });

  test('comes in a closed account too', () => {
    expect(given(account('0.00'), card(), authorization('0.00'), accountClosed()).when(expiry()).status).toBe(
      'expired',
    );
  });

  test('has the same id on every instance', () => {
    const id = 'txn_1' as TransactionId;
    expect(expiryId(id, 0)).toBe('expire:txn_1:1970-01-01T00:00:00.000Z');
    expect(lateReleaseId(id, 'c' as CommandId)).toBe('release:txn_1:c');
  });

  test('needs its transaction in memory', () => {
    const { story } = given(...approved).when();
    const transactionId = 'txn_elsewhere' as TransactionId;
    const command = { type: 'releaseLate', transactionId, decision: 'c' as CommandId } as const;
    expect(() => decideTimer(story.account, command, 0)).toThrow(InvariantBroken);
  });
});

describe('the release of a late approval', () => {
  test.each<[string, readonly Step[], answer: string, held: string, status: string]>([
    ['takes what it held', approved, 'done', '0.00', 'voided'],
    [
      'takes a partial approval',
      [account('20.00'), card(), authorization('40.00', { partial: true })],
      'done',
      '0.00',
      'voided',
    ],
    ['of nothing voids it', [account(), card(), authorization('0.00')], 'done', '0.00', 'voided'],
    ['does nothing a second time', [...approved, lateRelease()], 'nothing', '0.00', ''],
    ['does nothing after a reversal', [...approved, reversal('30.00')], 'nothing', '70.00', ''],
    ['does nothing after a refused reversal', [...approved, reversal('300.00')], 'nothing', '100.00', ''],
    ['does nothing after a clearing', [...approved, clearing('30.00', { final: false })], 'nothing', '70.00', ''],
    [
      'does nothing after a repeat past its deadline',
      [...approved, repeated('2026-03-01T12:00:05.001Z')],
      'nothing',
      '100.00',
      '',
    ],
    [
      'takes it after a repeat within its deadline',
      [...approved, repeated('2026-03-01T12:00:05.000Z')],
      'done',
      '0.00',
      'voided',
    ],
    ['does nothing to a decline', [account('1.00'), card(), authorization('40.00')], 'nothing', '0.00', ''],
  ])('%s', (_, before, answer, held, status) => {
    expect(given(...before).when(lateRelease())).toMatchObject({ answer, held, status });
  });

  test.each<[string, readonly Step[], Partial<Outcome>]>([
    [
      'drops the credit that a reversal before it left',
      [reversalAdvice('15.00'), refundAuthorization('40.00')],
      { pendingCredit: '0.00', status: 'voided' },
    ],
    [
      'releases an increment, not the credit beside it',
      [authorization('50.00'), refundAuthorization('40.00'), increment('20.00')],
      { held: '50.00', pendingCredit: '40.00', status: 'pending' },
    ],
    [
      'drops the second of two credits',
      [refundAuthorization('40.00'), refundAuthorization('30.00')],
      { pendingCredit: '40.00', status: 'pending' },
    ],
    [
      'posts back what a reversal before it left of a single message',
      [reversal('2.00'), financialAuthorization('5.00')],
      { posted: '200.00', status: 'voided', entry: 'Dr settlement:visa 3.00 EUR, Cr available 3.00 EUR' },
    ],
    [
      'posts back with the network of the single message what another network opened',
      [
        clearing('40.00', { network: 'mastercard', arn: 'A1', of: 'first', final: false }),
        clearingReversal('10.00', { arn: 'A1' }),
        financialAuthorization('60.00', { sent: '2026-03-01T11:59:59.000Z' }),
      ],
      { posted: '170.00', status: 'settled', entry: 'Dr settlement:visa 30.00 EUR, Cr available 30.00 EUR' },
    ],
    [
      'leaves what the network had advised before a single message',
      [authorizationAdvice('50.00'), financialAuthorization('50.00', { sent: '2026-03-01T11:59:59.000Z' })],
      { held: '50.00', posted: '200.00', status: 'pending' },
    ],
  ])('%s', (_, before, outcome) => {
    const released = given(account('200.00'), card(), ...before).when(lateRelease());
    expect(released).toMatchObject({ wrote: 'LateApprovalReleased', ...outcome });
  });

  test('never forbids a later clearing', () => {
    expect(given(...approved, lateRelease()).when(clearing('100.00'))).toMatchObject({
      flags: 'late',
      posted: '100.00',
    });
  });

  test('gives back to the limits', () => {
    const before = [account('200.00'), card({ daily: '100.00' }), authorization('100.00'), lateRelease()];
    expect(given(...before).when(authorization('100.00', { of: 'next' })).answer).toBe('approved');
  });
});

describe('a repeat of an approval', () => {
  test.each<[string, readonly Step[], Step, answer: string, wrote: string]>([
    ['within its deadline', approved, repeated('2026-03-01T12:00:05.000Z'), 'approved', ''],
    ['past its deadline keeps the hold', approved, repeated('2026-03-01T12:00:05.001Z'), 'approved', 'AnswerRepeated'],
    [
      'past its deadline is noted once',
      [...approved, repeated('2026-03-01T12:00:05.001Z')],
      repeated('2026-03-01T12:00:06.000Z'),
      'approved',
      '',
    ],
    [
      'after its release',
      [...approved, lateRelease()],
      repeated('2026-03-01T12:00:06.000Z'),
      'declined: answered_late',
      '',
    ],
    ['after a reversal', [...approved, reversal()], repeated('2026-03-01T12:00:06.000Z'), 'approved', ''],
    ['after a clearing', [...approved, clearing('9.00')], repeated('2026-03-01T12:00:06.000Z'), 'approved', ''],
  ])('%s', (_, before, step, answer, wrote) => {
    expect(given(...before).when(step)).toMatchObject({ answer, wrote });
  });

  test('after its release is answered 91', () => {
    expect(given(...approved, lateRelease()).when(repeated(SENT)).code).toBe('91');
  });
});
