// standings.ts: what an account had at a position of the log, or at a moment.

import type { DatabaseSync } from 'node:sqlite';
import type { AsOf, StandingView } from './queries.ts';
import { integer, toStanding } from './rows.ts';
import { GENERATION_BITS } from './schema.ts';

/**
 * The newest row of an account that is not after `asOf`: one generation of the log after the other, from there backwards.
 * Within an account time never runs back, so the first that is found is the newest.
 */
export function standings(db: DatabaseSync): (accountId: string, asOf: AsOf) => StandingView | undefined {
  const newest = db.prepare('SELECT max(position) AS position FROM balances');
  const first = db.prepare('SELECT number, created_at FROM accounts WHERE id = ?');
  const sql = (condition: string) => `
    SELECT * FROM balances INDEXED BY balances_by_account
    WHERE position >> ${GENERATION_BITS} = ? AND account_number = ? AND ${condition} ORDER BY position DESC LIMIT 1`;
  const byPosition = db.prepare(sql('position <= ?'));
  const byInstant = db.prepare(sql('occurred_at <= ?'));

  return (accountId, asOf) => {
    const account = first.get(accountId);
    if (account === undefined) return undefined;
    if ('instant' in asOf && BigInt(asOf.instant) < integer(account.created_at)) return undefined;
    const last = newest.get()?.position ?? null;
    if (last === null) return undefined;
    const until = 'position' in asOf && asOf.position < integer(last) ? asOf.position : integer(last);
    const [statement, bound] = 'position' in asOf ? [byPosition, asOf.position] : [byInstant, BigInt(asOf.instant)];
    for (let generation = until >> BigInt(GENERATION_BITS); generation >= 0n; generation -= 1n) {
      const row = statement.get(generation, account.number ?? null, bound);
      if (row !== undefined) return toStanding(row);
    }
    return undefined;
  };
}
