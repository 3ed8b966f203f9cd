// The adapter over TLS, with a CA file and a password: a proxy ends the encryption in front of the development server.

import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { JournalUnavailable } from '@holdfast/journal';
import { type EventStoreSettings, openEventStoreJournal } from '@holdfast/journal/eventstoredb';
import { openMemoryJournal } from '@holdfast/journal/memory';
import { expect, onTestFinished, test } from 'vitest';
import { startEventStoreServer } from './server.ts';

const opensslIsHere = spawnSync('openssl', ['version']).status === 0;
const EVENT = { id: '00000000-0000-4000-8000-000000000001', type: 'Tested', data: '{}', metadata: '{}' };

/** Its own authority, for localhost. */
function makeCertificate(directory: string, name: string) {
  const [key, certificate] = [join(directory, `${name}.key`), join(directory, `${name}.crt`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const files = ['-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', '-days', '2', ...subject, ...files], {
    stdio: 'ignore',
  });
  return { key, certificate };
}

async function startProxy({ key, certificate }: ReturnType<typeof makeCertificate>, to: number): Promise<number> {
  const sockets = new Set<Socket>();
  const proxy = createServer(
    { key: readFileSync(key), cert: readFileSync(certificate), ALPNProtocols: ['h2'] },
    (outer) => {
      const inner = connect(to, '127.0.0.1');
      outer.pipe(inner).pipe(outer);
      for (const socket of [outer, inner]) {
        sockets.add(socket);
        socket.on('error', () => {});
      }
    },
  ).listen(0, '127.0.0.1');
  proxy.on('tlsClientError', () => {});
  await once(proxy, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  return (proxy.address() as AddressInfo).port;
}

test.skipIf(!opensslIsHere)('a server is trusted by its CA file only, and the password is never told', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-tls-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const [ours, another] = [makeCertificate(directory, 'ours'), makeCertificate(directory, 'another')];
  const log = openMemoryJournal();
  const server = await startEventStoreServer({ journal: log });
  onTestFinished(() => server.close());
  const port = await startProxy(ours, server.port);
  const open = (ca: string, more: Partial<EventStoreSettings> = {}) => {
    const connectionString = `esdb://holdfast:pa55%3Aword@localhost:${port}?tls=true&tlsCAFile=${ca}`;
    const journal = openEventStoreJournal({ connectionString, ...more });
    onTestFinished(() => journal.close());
    return journal;
  };

  const trusting = open(ours.certificate);
  expect(await trusting.append('t-1', 'no_stream', [EVENT])).toMatchObject({ revision: 0 });
  expect((await Array.fromAsync(trusting.readStream('t-1'))).flat()).toMatchObject([EVENT]);

  const troubles: string[] = [];
  const wary = open(another.certificate, { patienceMs: 300, onTrouble: (sentence) => troubles.push(sentence) });
  const errors = await Promise.all([
    wary.append('t-2', 'no_stream', [EVENT]).catch((error: unknown) => error),
    wary.head().catch((error: unknown) => error),
  ]);
  for (const error of errors) expect(error).toBeInstanceOf(Error);
  expect(errors[1]).toBeInstanceOf(JournalUnavailable);
  expect(String(errors[1])).toMatch(/certificate/);
  expect(await Array.fromAsync(log.readStream('t-2'))).toEqual([]);

  const missing = join(directory, 'missing.crt');
  expect(() => open(missing)).toThrow(/certificate/);
  const told = [...errors.map(String), ...troubles, String(attempt(() => open(missing)))].join('\n');
  expect(told).not.toContain('pa55');
});

function attempt(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
