import { transactionId } from '@holdfast/events';
import { expect, onTestFinished, test } from 'vitest';
import { newWorld, projectAll } from '../../test/readModels.ts';
import { startTraffic } from '../../test/traffic.ts';
import { openQueries, UNAPPLIED_STATUSES, type UnappliedView } from '../index.ts';

test('the rows say of every transaction and account what the domain says', async () => {
  const world = await newWorld();
  await startTraffic(world, 6, 5).run(1_200);
  await projectAll(world.directory);
  const queries = openQueries({ directory: world.directory });
  onTestFinished(() => queries.close());
  let transactions = 0;
  let withPendingCredit = 0;
  let overtakenByAnotherCurrency = 0;
  const unapplied: UnappliedView[] = [];
  for (const [id, account] of world.accounts) {
    expect(queries.account(id)?.balances).toEqual(account.balances);
    const credits = [...account.transactions.values()].map(({ accountTotals }) => accountTotals.pendingCreditMinor);
    const pendingCreditMinor = credits.reduce((sum, each) => sum + each, 0n);
    expect(queries.account(id)).toMatchObject({ pendingCreditMinor });
    if (pendingCreditMinor > 0n) withPendingCredit += 1;
    const waiting = account.parked
      .filter(({ until }) => until > world.now())
      .map(({ commandId, message, until }) => ({
        ...{ revision: account.commands.get(commandId)?.revision, messageType: message.type, parkedUntil: until },
        ...{ cardId: message.cardId, amountMinor: message.amountMinor, currency: message.currency },
      }));
    const rows = queries.unapplied({ accountId: id, status: 'waiting' }, world.now(), { limit: 100 }).data;
    expect(
      rows.toReversed().map(({ revision, messageType, parkedUntil, cardId, amountMinor, currency }) => ({
        ...{ revision, messageType, parkedUntil, cardId, amountMinor, currency },
      })),
    ).toEqual(waiting);
    unapplied.push(...queries.unapplied({ accountId: id }, world.now(), { limit: 100 }).data);
    for (const {
      transactionId: each,
      currency,
      totals,
      accountTotals,
      heldMinor,
      status,
    } of account.transactions.values()) {
      transactions += 1;
      // A clearing that comes first is in the account's currency.
      const [first] = queries.messages(each);
      if (first?.type === 'clearing' && currency !== account.opened?.currency) overtakenByAnotherCurrency += 1;
      expect(queries.transaction(each)).toMatchObject({
        ...{ status, currency, amounts: totals, accountAmounts: { ...accountTotals, heldMinor } },
      });
    }
  }
  expect(transactions).toBeGreaterThan(300);
  expect(withPendingCredit).toBeGreaterThan(1);
  expect(overtakenByAnotherCurrency).toBeGreaterThan(3);
  expect(queries.transaction(transactionId('unknown'))).toBeUndefined();
  for (const status of UNAPPLIED_STATUSES) {
    expect(unapplied.filter((each) => each.status === status).length, status).toBeGreaterThan(1);
  }
  for (const { status, transactionId: applied, accountId } of unapplied) {
    if (status === 'applied') expect(queries.transaction(applied ?? '')).toMatchObject({ accountId });
  }
});
