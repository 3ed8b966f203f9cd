// stack.ts: the management API on a real log, engine and read models in a folder of its own, for tests.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine, openSqliteAccountIndex, systemClock } from '@holdfast/engine';
import { apiKeyId, commandIdOf, contentHashOf } from '@holdfast/events';
import { buildServer, createLogger, newApiKey, ROLES, type Role, type Server } from '@holdfast/http';
import { openSqliteJournal } from '@holdfast/journal';
import { openProjections, openQueries } from '@holdfast/projections';
import { openVault, redact } from '@holdfast/vault';
import { issuingRoutes } from '../issuingRoutes.ts';

export type Call = {
  readonly body?: unknown;
  readonly as?: Role | 'nobody';
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Stack = Awaited<ReturnType<typeof openStack>>;

export async function openStack() {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-issuing-'));
  const journal = await openSqliteJournal({ directory });
  const index = await openSqliteAccountIndex({ directory, logId: 'test', sourceHash: 'test' });
  const engine = await openEngine({ journal, index });
  const projections = await openProjections({ directory, reader: journal });
  const queries = openQueries({ directory, projector: projections });
  const vault = openVault({ key: new Uint8Array(32).fill(7) });
  const log: string[] = [];
  const logger = createLogger({
    level: 'trace',
    name: 'test',
    redact,
    destination: { write: (line) => log.push(line) },
  });
  const app: Server = buildServer({ logger, redact, apiKey: engine.apiKey, requestLog: true });
  const routes: { readonly method: string; readonly url: string }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    routes.push({ method: String(method), url });
  });
  app.register(issuingRoutes({ engine, queries, vault, clock: systemClock }));

  const secrets = new Map<string, string>();
  for (const role of ROLES) {
    const { key, secretHash } = newApiKey();
    secrets.set(role, key);
    const commandId = commandIdOf('test', role);
    await engine.execute(
      { type: 'issueApiKey', apiKeyId: apiKeyId(commandId), name: role, roles: [role], secretHash },
      { commandId, contentHash: contentHashOf(role), actor: 'test', correlationId: 'test' },
    );
  }

  let keys = 0;
  const call = (method: 'GET' | 'POST' | 'PUT', url: string, { body, as = 'admin', key, headers = {} }: Call = {}) =>
    app.inject({
      method,
      url,
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      headers: {
        ...(as === 'nobody' ? {} : { authorization: `Bearer ${secrets.get(as)}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'GET' || key === null ? {} : { 'idempotency-key': key ?? `key-${++keys}` }),
        ...headers,
      },
    });

  return {
    app,
    engine,
    journal,
    queries,
    vault,
    log,
    routes,
    directory,
    call,
    /** Calls and expects success; the answer's body. */
    async created(method: 'POST' | 'PUT', url: string, body: unknown, options: Call = {}) {
      const answer = await call(method, url, { ...options, body });
      if (answer.statusCode >= 300) throw new Error(`${method} ${url} answered ${answer.body}`);
      return answer.json();
    },
    async close() {
      await app.close();
      await engine.close();
      queries.close();
      await projections.close();
      await index.close();
      await journal.close();
      await rm(directory, { recursive: true });
    },
  };
}
