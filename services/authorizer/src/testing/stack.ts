// stack.ts: the network route on a real log and engine in a folder of its own, with funded cards, for tests.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, type ManagementCommand, openEngine, openSqliteAccountIndex, systemClock } from '@holdfast/engine';
import { accountId, apiKeyId, commandIdOf, contentHashOf, depositId, programId, typeId } from '@holdfast/events';
import { buildServer, createLogger, newApiKey, type Server } from '@holdfast/http';
import { type Journal, openSqliteJournal } from '@holdfast/journal';
import { currencyOf } from '@holdfast/money';
import { openVault, redact } from '@holdfast/vault';
import { clearingRoutes } from '../clearing/clearingRoutes.ts';
import { networkRoutes } from '../networkRoutes.ts';

export type Stack = Awaited<ReturnType<typeof openStack>>;

/** `open` opens another log than the embedded one. */
export async function openStack(
  open: (directory: string) => Promise<Journal> = (directory) => openSqliteJournal({ directory }),
) {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-authorizer-'));
  const journal = await open(directory);
  const index = await openSqliteAccountIndex({ directory, logId: 'test', sourceHash: 'test' });
  const engine = await openEngine({ journal, index });
  const vault = openVault({ key: new Uint8Array(32).fill(7) });
  const log: string[] = [];
  const destination = { write: (line: string) => log.push(line) };
  const logger = createLogger({ level: 'trace', name: 'test', redact, destination });
  const app: Server = buildServer({ logger, redact, apiKey: engine.apiKey, requestLog: true });
  app.register(networkRoutes({ engine, vault, clock: systemClock }));
  app.register(clearingRoutes({ engine, vault, clock: systemClock }));
  await app.ready();

  const keys = { network: await newKey(engine, 'network'), admin: await newKey(engine, 'admin') };
  const { number } = vault.generate('a card', 0);
  const cardId = typeId('card', vault.fingerprint(number));
  await createProgram(engine);
  await issueFundedCard(engine, 'test', cardId, vault.keyId);

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
    /** Another one, on an account of its own. */
    async newCard(name: string, number = vault.generate(name, 0).number) {
      const id = typeId('card', vault.fingerprint(number));
      await issueFundedCard(engine, name, id, vault.keyId);
      return { id };
    },
    send: (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
      app.inject({
        method: 'POST',
        url: '/v1/network/messages',
        payload: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { authorization: `Bearer ${keys.network}`, 'content-type': 'application/json', ...headers },
      }),
    sendFile: (text: string | Buffer, headers: Readonly<Record<string, string>> = {}) =>
      app.inject({
        method: 'POST',
        url: '/v1/network/clearing_files',
        payload: text,
        headers: { authorization: `Bearer ${keys.network}`, 'content-type': 'application/x-ndjson', ...headers },
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

async function createProgram(engine: Engine): Promise<void> {
  await run(engine, 'program', {
    type: 'createProgram',
    programId: programId('test'),
    name: 'Test',
    holdExpiryDays: 7,
  });
}

async function issueFundedCard(
  engine: Engine,
  name: string,
  cardId: ReturnType<typeof typeId<'card'>>,
  fingerprintKeyId: string,
): Promise<void> {
  const [program, account] = [programId('test'), accountId(name)];
  const { code: currency } = currencyOf('EUR');
  await run(engine, `account of ${name}`, { type: 'openAccount', accountId: account, programId: program, currency });
  const deposit = { type: 'deposit', accountId: account, depositId: depositId(name), currency } as const;
  await run(engine, `deposit of ${name}`, { ...deposit, amountMinor: 100_000n });
  const facts = { bin: '999999', last4: '0000', expiry: '9912', fingerprintKeyId };
  await run(engine, `card of ${name}`, { type: 'issueCard', accountId: account, cardId, ...facts });
}
