import { transactionId } from '@holdfast/events';
import { expect, onTestFinished, test } from 'vitest';
import { newWorld, projectAll } from '../../test/readModels.ts';
import { startTraffic } from '../../test/traffic.ts';
import { openQueries } from '../index.ts';

test('the rows say of every transaction and account what the domain says', async () => {
  const world = await newWorld();
  await startTraffic(world, 6, 5).run(1_200);
  await projectAll(world.directory);
  const queries = openQueries({ directory: world.directory });
  onTestFinished(() => queries.close());
  let transactions = 0;
  let withPendingCredit = 0;
  let overtakenByAnotherCurrency = 0;
  for (const [id, account] of world.accounts) {
    expect(queries.account(id)?.balances).toEqual(account.balances);
    const credits = [...account.transactions.values()].map(({ accountTotals }) => accountTotals.pendingCreditMinor);
    const pendingCreditMinor = credits.reduce((sum, each) => sum + each, 0n);
    expect(queries.account(id)).toMatchObject({ pendingCreditMinor });
    if (pendingCreditMinor > 0n) withPendingCredit += 1;
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
});
