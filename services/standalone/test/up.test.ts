import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { freePort } from '../../../tools/freePort.ts';
import { type Api, type Json, listOf, sandboxApi, textOf } from './support/api.ts';
import { temporaryFolder } from './support/folder.ts';
import { HOLDFAST, holdfast, plainEnvironment } from './support/holdfastProcess.ts';

vi.setConfig({ testTimeout: 120_000 });

const nats = inject('natsServer');

/** `holdfast up` on ports of its own, with a PATH on which `nats-server` is found when there is one. */
async function startUp(data: string) {
  const free = await Promise.all(Array.from({ length: 7 }, freePort));
  const [port = 0, eventstorePort = 0, natsPort = 0, feedPort = 0, projectorPort = 0, ...authorizerPorts] = free;
  const ports = [
    ...['--port', port, '--eventstore-port', eventstorePort, '--nats-port', natsPort, '--feed-port', feedPort],
    ...['--projector-port', projectorPort, '--authorizer-ports', authorizerPorts],
  ];
  const { PATH } = process.env;
  const child = spawn(process.execPath, [HOLDFAST, 'up', '--data', data, ...ports.map(String)], {
    env: { ...plainEnvironment(), PATH: nats === '' ? PATH : `${PATH}:${join(nats, '..')}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Also when the test fails: its parts are stopped by it, each with a word of its own.
  onTestFinished(async () => {
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = once(child, 'close').then(() => child.exitCode);
  async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await condition())) {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${output}`);
      await sleep(50);
    }
  }
  const address = `http://127.0.0.1:${port}`;
  return { child, ended, until, output: () => output, address, authorizerPorts, feedPort, eventstorePort, natsPort };
}

async function isReady(port: number | string): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** What the consumer of docs/accounting.md has come to: `account-… available` to minor units. */
async function booked(data: string, natsPort: number): Promise<ReadonlyMap<string, number>> {
  const file = join(data, 'balances.db');
  const example = join(import.meta.dirname, '../../feed/examples/accounting.ts');
  const env = { ...plainEnvironment(), NATS_URL: `nats://127.0.0.1:${natsPort}` };
  const consumer = spawn(process.execPath, [example, file], { env, stdio: 'inherit' });
  const ended = once(consumer, 'exit');
  // It goes on where it was when it is started again: it need not come to the end the first time.
  await sleep(1_500);
  consumer.kill('SIGTERM');
  await ended;
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare(`SELECT stream, ledger, minor FROM balances WHERE ledger IN ('available', 'held')`).all();
  db.close();
  return new Map(rows.map(({ stream, ledger, minor }) => [`${stream} ${ledger}`, Number(minor)]));
}

/** What the server says of the same accounts. */
async function balances(api: Api): Promise<ReadonlyMap<string, number>> {
  const all = listOf((await api.get('/v1/accounts')).body, 'data').map(({ id, balance }): [string, number][] => {
    const { available, held } = balance as { available: number; held: number };
    const stream = `account-${String(id).slice('acct_'.length)}`;
    return [
      [`${stream} available`, available],
      [`${stream} held`, held],
    ];
  });
  return new Map(all.flat());
}

function same(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  // A ledger account has no row before its first entry.
  return [...one.keys(), ...other.keys()].every((name) => (one.get(name) ?? 0) === (other.get(name) ?? 0));
}

function authorization(cardId: string, stan: string): Json {
  return {
    ...{ type: 'authorization', network: 'visa', card: { id: cardId }, amount: 100, currency: 'EUR' },
    merchant: { id: 'M1', name: 'ACME', mcc: '5812', country: 'DE' },
    ...{ acquirer_id: '400123', terminal_id: 'T1', stan, transmitted_at: '2026-03-01T12:00:00Z' },
  };
}

test('all processes start, work together, show their output by name, and stop as asked', async () => {
  const data = temporaryFolder();
  const running = await startUp(data);
  const { port } = new URL(running.address);
  for (const each of [port, ...running.authorizerPorts]) await running.until(() => isReady(each));
  const api = await sandboxApi(running.address, data);
  const [one = 0, other = 0] = running.authorizerPorts;
  const [first, second] = await Promise.all([one, other].map((at) => sandboxApi(`http://127.0.0.1:${at}`, data)));
  if (first === undefined || second === undefined) throw new Error('two authorizers are needed');
  const accounts = listOf((await api.get('/v1/accounts')).body, 'data');
  const euros = accounts.find(({ currency }) => currency === 'EUR') ?? {};
  const cards = listOf((await api.get(`/v1/cards?account_id=${textOf(euros, 'id')}`)).body, 'data');
  const sent = authorization(textOf(cards.at(-1) ?? {}, 'id'), '000001');
  const answers = [first, second].map(async (each) => (await each.send('POST', '/v1/network/messages', sent)).body);
  const [answer = {}, again = {}] = await Promise.all(answers);
  expect(answer).toMatchObject({ decision: 'approved' });
  expect({ ...again, position: '' }).toEqual({ ...answer, position: '' });
  expect((await api.send('POST', '/v1/network/messages', sent)).status).toBe(404);
  const original = {
    type: 'authorization',
    stan: '000001',
    transmitted_at: '2026-03-01T12:00:00Z',
    acquirer_id: '400123',
  };
  const clearing = {
    ...authorization(textOf(cards.at(-1) ?? {}, 'id'), '000002'),
    type: 'clearing',
    amount: 40,
    original,
  };
  expect((await second.send('POST', '/v1/network/messages', clearing)).body).toMatchObject({ decision: 'accepted' });

  if (nats !== '') {
    const published = async (): Promise<number> => {
      const text = await (await fetch(`http://127.0.0.1:${running.feedPort}/metrics`)).text();
      return Number(/^holdfast_feed_published_total (\d+)$/m.exec(text)?.[1]);
    };
    await running.until(() => isReady(running.feedPort));
    const environment = { HOLDFAST_EVENTSTORE: `esdb://127.0.0.1:${running.eventstorePort}?tls=false` };
    const { out } = await holdfast(['log', '--json'], environment);
    await running.until(async () => (await published()) === out.trim().split('\n').length);
    expect((await holdfast(['verify'], environment)).status).toBe(0);
    await running.until(async () => same(await booked(data, running.natsPort), await balances(api)));
  }
  running.child.kill('SIGINT');
  expect(await running.ended).toBe(0);
  for (const name of [
    'up',
    'eventstore',
    'projector',
    'issuing',
    'authorizer-1',
    'authorizer-2',
    ...(nats === '' ? [] : ['nats', 'feed']),
  ]) {
    expect(running.output()).toMatch(new RegExp(`^${name} +│ `, 'm'));
  }
  expect(await isReady(port)).toBe(false);
});

test('a port that is in use is told before anything starts', async () => {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  const { status, err } = await holdfast(['up', '--data', temporaryFolder(), '--eventstore-port', port]);
  expect({ status, err }).toEqual({
    status: 1,
    err: `holdfast: port ${port} for eventstore is in use: stop what uses it, or give another one\n`,
  });
  listener.close();
});
