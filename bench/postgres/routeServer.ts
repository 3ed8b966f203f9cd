// routeServer.ts: the same Fastify route, which calls the stored procedure for each authorization.

import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { commandIdOf, contentHashOf, transactionId, typeId } from '@holdfast/events';
import { fastify } from 'fastify';
import pg from 'pg';
import { listen, PATH } from '../http/bareRoute.ts';
import { given, serve } from '../support/parent.ts';
import { BLOCKED_CATEGORIES, cardAt, DAILY_LIMIT_MINOR, PROGRAM, TIME_ZONE, vault } from '../support/world.ts';

const { socket, accounts } = given<{ readonly socket: string; readonly accounts: number }>();
const at = { host: socket, user: 'bench', database: 'postgres' };

type Body = {
  readonly card: { readonly id?: string; readonly number?: string };
  readonly amount: number;
  readonly currency: string;
  readonly merchant: { readonly id: string; readonly mcc: string };
  readonly acquirer_id: string;
  readonly terminal_id: string;
  readonly stan: string;
  readonly transmitted_at: string;
  readonly network_transaction_id: string;
};

const AUTHORIZE = { name: 'authorize', text: 'SELECT authorize($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS answer' };

async function fillTables(): Promise<void> {
  const client = new pg.Client(at);
  await client.connect();
  await client.query(await readFile(new URL('./procedure.sql', import.meta.url), 'utf8'));
  await client.query("INSERT INTO programs VALUES ($1, 'active', '7 days')", [PROGRAM]);
  const all = Array.from({ length: accounts }, (_, at) => cardAt(at));
  await client.query(
    `INSERT INTO accounts SELECT id, $2, 'open', 'EUR', 0, 900000000000, 0, 0 FROM unnest($1::text[]) id`,
    [all.map(({ accountId }) => accountId), PROGRAM],
  );
  await client.query(
    `INSERT INTO cards SELECT card, account, 'active', '2039-12-31', $3, $4, $5, '1970-01-01', 0
     FROM unnest($1::text[], $2::text[]) AS each (card, account)`,
    [
      all.map(({ cardId }) => cardId),
      all.map(({ accountId }) => accountId),
      DAILY_LIMIT_MINOR.toString(),
      TIME_ZONE,
      BLOCKED_CATEGORIES,
    ],
  );
  await client.query('VACUUM ANALYZE');
  await client.end();
}

/** What the edge does of an authorization beside the procedure: ids, and no card number beyond this point. */
function parametersOf(body: Body): unknown[] {
  const { card, amount, currency, merchant, acquirer_id, terminal_id, stan, transmitted_at } = body;
  const cardId = card.id ?? typeId('card', vault.fingerprint(card.number ?? ''));
  const commandId = commandIdOf('network', cardId, acquirer_id, terminal_id, stan, transmitted_at);
  const code = randomInt(36 ** 6)
    .toString(36)
    .toUpperCase()
    .padStart(6, '0');
  const content = contentHashOf(`${amount} ${currency} ${merchant.id} ${merchant.mcc} ${body.network_transaction_id}`);
  const message = JSON.stringify({ ...body, card: { id: cardId } });
  const { mcc } = merchant;
  return [
    commandId,
    content,
    transactionId(commandId),
    cardId,
    amount,
    currency,
    mcc,
    body.network_transaction_id,
    code,
    message,
  ];
}

await serve(async () => {
  await fillTables();
  let pool = new pg.Pool({ ...at, max: 8 });
  const app = fastify();
  app.post<{ Body: Body }>(PATH, async (request, reply) => {
    const { rows } = await pool.query<{ answer: string }>({ ...AUTHORIZE, values: parametersOf(request.body) });
    reply.type('application/json; charset=utf-8');
    return rows[0]?.answer;
  });
  return {
    ready: { port: await listen(app) },
    async answer({ connections }: { readonly connections: number }) {
      await pool.end();
      pool = new pg.Pool({ ...at, max: connections });
      return {};
    },
    async stop() {
      await app.close();
      await pool.end();
    },
  };
});
