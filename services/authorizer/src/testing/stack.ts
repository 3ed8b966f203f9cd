// stack.ts: the network route on a real log and engine in a folder of its own, with one funded card, for tests.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, type ManagementCommand, openEngine, openSqliteAccountIndex, systemClock } from '@holdfast/engine';
import { accountId, apiKeyId, commandIdOf, contentHashOf, depositId, programId, typeId } from '@holdfast/events';
import { buildServer, createLogger, newApiKey, type Server } from '@holdfast/http';
import { openSqliteJournal } from '@holdfast/journal';
import { currencyOf } from '@holdfast/money';
import { openVault, redact } from '@holdfast/vault';
import { networkRoutes } from '../networkRoutes.ts';

export type Stack = Awaited<ReturnType<typeof openStack>>;

export async function openStack() {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-authorizer-'));
  const journal = await openSqliteJournal({ directory });
  const index = await openSqliteAccountIndex({ directory, logId: 'test', sourceHash: 'test' });
  const engine = await openEngine({ journal, index });
  const vault = openVault({ key: new Uint8Array(32).fill(7) });
  const log: string[] = [];
  const destination = { write: (line: string) => log.push(line) };
  const logger = createLogger({ level: 'trace', name: 'test', redact, destination });
  const app: Server = buildServer({ logger, redact, apiKey: engine.apiKey, requestLog: true });
  app.register(networkRoutes({ engine, vault, clock: systemClock }));
  await app.ready();

  const keys = { network: await newKey(engine, 'network'), admin: await newKey(engine, 'admin') };
  const { number } = vault.generate('a card', 0);
  const cardId = typeId('card', vault.fingerprint(number));
  await issueFundedCard(engine, cardId, vault.keyId);

  return {
    app,
    engine,
    journal,
    vault,
    log,
    directory,
    keys,
    /** An EUR card with 1,000.00 to spend. */
    card: { number, id: cardId },
    send: (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
      app.inject({
        method: 'POST',
        url: '/v1/network/messages',
        payload: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { authorization: `Bearer ${keys.network}`, 'content-type': 'application/json', ...headers },
      }),
    async close() {
      await app.close();
      await engine.close();
      await index.close();
      await journal.close();
      await rm(directory, { recursive: true });
    },
  };
}

async function run(engine: Engine, name: string, command: ManagementCommand): Promise<void> {
  const context = {
    commandId: commandIdOf(name),
    contentHash: contentHashOf(name),
    actor: 'test',
    correlationId: name,
  };
  const outcome = await engine.execute(command, context);
  if (!outcome.done) throw new Error(`${name}: ${outcome.refusal}`);
}

async function newKey(engine: Engine, role: string): Promise<string> {
  const { key, secretHash } = newApiKey();
  await run(engine, role, { type: 'issueApiKey', apiKeyId: apiKeyId(role), name: role, roles: [role], secretHash });
  return key;
}

async function issueFundedCard(engine: Engine, cardId: ReturnType<typeof typeId<'card'>>, fingerprintKeyId: string) {
  const [program, account] = [programId('test'), accountId('test')];
  const { code: currency } = currencyOf('EUR');
  await run(engine, 'program', { type: 'createProgram', programId: program, name: 'Test', holdExpiryDays: 7 });
  await run(engine, 'account', { type: 'openAccount', accountId: account, programId: program, currency });
  const deposit = { type: 'deposit', accountId: account, depositId: depositId('test'), currency } as const;
  await run(engine, 'deposit', { ...deposit, amountMinor: 100_000n });
  const facts = { bin: '999999', last4: '0000', expiry: '9912', fingerprintKeyId };
  await run(engine, 'card', { type: 'issueCard', accountId: account, cardId, ...facts });
}
