import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run, type Server, startServer, stopServer, verify } from './testing/holdfast.ts';

const SIMULATE = fileURLToPath(new URL('../bin/holdfast-simulate.js', import.meta.url));

let folder: string;
let data: string;
let server: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-simulate-'));
  data = join(folder, 'data');
  server = await startServer(data);
});

afterAll(async () => {
  await stopServer(server, 'SIGTERM');
  await rm(folder, { recursive: true });
});

describe('a card network before a sandbox that was just started', () => {
  test('is answered as it must be, with the key that the sandbox left, and sees every kind of decision', async () => {
    const { status, report } = await simulate(
      '--seed',
      '59',
      '--rate',
      '100',
      '--duration',
      '6s',
      '--out',
      file('first'),
    );
    expect(report).toMatchObject({ broken: [], errors: {}, refusals: {}, lost: 0 });
    expect({ status, ok: report.ok }).toEqual({ status: 0, ok: true });
    expect(report.kinds.authorization.approved).toBeGreaterThan(0);
    expect(report.kinds.authorization.repeats).toBeGreaterThan(0);
    expect(report.kinds.clearing.accepted).toBeGreaterThan(0);
    expect(report.kinds.reversal.accepted).toBeGreaterThan(0);
    expect(report.declines.card_not_found).toBeGreaterThan(0);
    const lines = (await readFile(file('first'), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(report.sent);
  });

  test('gets the recorded answers when it sends all of it again over several connections', async () => {
    const { status, report } = await simulate('--file', file('first'), '--expect-recorded', '--connections', '8');
    expect({ status, broken: report.broken }).toEqual({ status: 0, broken: [] });
  });

  test('gets no wrong answer from a server that is killed under it and started again', async () => {
    const port = new URL(server.url).port;
    const running = simulate(
      '--seed',
      '43',
      '--rate',
      '100',
      '--duration',
      '8s',
      '--disorder',
      '3',
      '--out',
      file('second'),
    );
    await linesIn(file('second'), 150);
    await stopServer(server, 'SIGKILL');
    server = await startServer(data, port);
    const { status, report } = await running;
    expect(report.broken).toEqual([]);
    expect(Object.keys(report.errors)).not.toEqual([]);
    expect(status).toBe(1);

    const again = await simulate('--file', file('second'), '--expect-recorded', '--connections', '8');
    expect({ status: again.status, broken: again.report.broken }).toEqual({ status: 0, broken: [] });
  });

  test('leaves a log of which everything holds', async () => {
    const { status, out } = await verify(data);
    expect({ status, out }).toEqual({ status: 0, out: expect.any(String) });
  });
});

function file(name: string): string {
  return join(folder, `${name}.ndjson`);
}

async function simulate(...args: readonly string[]) {
  const { status, out } = await run(SIMULATE, '--url', server.url, '--data', data, '--quiet', '--json', ...args);
  return { status, report: JSON.parse(out) };
}

/** Resolves when the file has at least so many lines. */
async function linesIn(path: string, least: number): Promise<void> {
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.split('\n').length > least) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
