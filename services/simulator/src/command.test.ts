import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answered } from './testing/answers.ts';
import { faultyServer } from './testing/faultyServer.ts';

const COMMAND = fileURLToPath(new URL('../bin/holdfast-simulate.js', import.meta.url));
const SERVER_COMMAND = fileURLToPath(new URL('../../standalone/bin/holdfast.js', import.meta.url));
/** Makes this Node say that it is an old one, as the launcher sees it. */
const OLD_NODE = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } })`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-simulate-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Ended = { readonly status: number | null; readonly out: string; readonly error: string };

function start(file: string, args: readonly string[], node: readonly string[] = [], input = '') {
  const {
    HOLDFAST_URL: _url,
    HOLDFAST_API_KEY: _key,
    HOLDFAST_DATA: _data,
    NODE_OPTIONS: _options,
    ...env
  } = process.env;
  const child = spawn(process.execPath, [...node, file, ...args], { cwd: folder, env: { ...env, NO_COLOR: '1' } });
  let out = '';
  let error = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    error += chunk;
  });
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve) => child.on('close', (status) => resolve({ status, out, error })));
  return { child, ended };
}

const simulate = (...args: readonly string[]) => start(COMMAND, args).ended;

describe('holdfast-simulate', () => {
  test.each([
    ['an unknown option', ['--nonsense'], "unknown option '--nonsense'.\n"],
    ['no key', [], /^There is no API key: give one with --key or HOLDFAST_API_KEY, or start a sandbox [^\n]*\n$/],
    [
      'no server',
      ['--key', 'hf_1', '--url', 'http://127.0.0.1:9'],
      /^Nothing answers at http:\/\/127.0.0.1:9 [^\n]*\n$/,
    ],
    [
      'no server for a file',
      ['--key', 'hf_1', '--url', 'http://127.0.0.1:9', '--file', COMMAND],
      /^Nothing answers at http:\/\/127.0.0.1:9 [^\n]*\n$/,
    ],
    ['no file', ['--key', 'hf_1', '--file', 'no.ndjson'], 'no.ndjson cannot be read: there is no such file.\n'],
  ])('with %s says so in one sentence and ends with status 2', async (_case, args, sentence) => {
    const { status, out, error } = await simulate(...args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(error).toMatch(sentence);
  });

  test('--help explains itself', async () => {
    expect(await simulate('--help')).toMatchObject({
      status: 0,
      error: '',
      out: expect.stringContaining('--rate <n>'),
    });
  });

  test('sends a file, with the key of the sandbox, and reports as JSON', async () => {
    await using server = await faultyServer(() => ({ status: 200, body: answered() }));
    await writeFile(join(folder, 'sandbox-key'), 'hf_sandbox\n');
    await writeFile(
      join(folder, 'messages.ndjson'),
      '{"type":"clearing","stan":"1"}\n{"type":"clearing","stan":"2"}\n',
    );
    const files = ['--file', 'messages.ndjson', '--out', 'results.ndjson'];
    const { status, out, error } = await simulate('--url', server.url.href, '--data', '.', ...files, '--json');
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(JSON.parse(out)).toMatchObject({ ok: true, sent: 2, file: 'messages.ndjson', seed: null });
    const [, first, second] = server.received;
    expect([first, second].map((each) => [each?.authorization, each?.body.stan])).toEqual([
      ['Bearer hf_sandbox', '1'],
      ['Bearer hf_sandbox', '2'],
    ]);
    expect((await readFile(join(folder, 'results.ndjson'), 'utf8')).trimEnd().split('\n')).toHaveLength(2);

    // What came back is sent again and held against what was recorded; this answer changes.
    const again = await start(COMMAND, [
      '--url',
      server.url.href,
      '--key',
      'k',
      '--quiet',
      '--file',
      'results.ndjson',
      '--expect-recorded',
    ]).ended;
    expect(again).toMatchObject({ status: 0, out: expect.stringContaining('every answer is as it must be') });
    await using other = await faultyServer(() => ({ status: 200, body: answered({ flags: ['late'] }) }));
    const changed = await start(COMMAND, [
      '--url',
      other.url.href,
      '--key',
      'k',
      '--quiet',
      '--file',
      'results.ndjson',
      '--expect-recorded',
    ]).ended;
    expect(changed).toMatchObject({ status: 1, out: expect.stringContaining('answered_differently') });
  });

  test('sends what comes on standard input', async () => {
    await using server = await faultyServer(() => ({ status: 200, body: answered() }));
    const args = ['--url', server.url.href, '--key', 'k', '--quiet', '--file', '-'];
    const { status, out } = await start(COMMAND, args, [], '{"type":"clearing","stan":"1"}\n').ended;
    expect({ status, out }).toEqual({ status: 0, out: expect.stringContaining('1 message in') });
  });

  test('with a wrong line in its file still reports what it sent, and ends with status 2', async () => {
    await using server = await faultyServer(() => ({ status: 200, body: answered() }));
    const args = ['--url', server.url.href, '--key', 'k', '--quiet', '--file', '-'];
    const { status, out, error } = await start(COMMAND, args, [], '{"type":"clearing"}\nnonsense\n').ended;
    expect({ status, out }).toEqual({ status: 2, out: expect.stringContaining('Stopped early.') });
    expect(error).toBe('Line 2 of standard input is not a JSON object.\n');
  });

  test.each([
    ['directly', []],
    ['through the Node that the workspace brings', ['--import', OLD_NODE]],
  ])('started %s, stops on Ctrl-C with its report', async (_case, node) => {
    let arrived = () => {};
    const first = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    await using server = await faultyServer((_index, { path }) => {
      if (path.startsWith('/v1/cards')) return page([{ id: 'card_1', account_id: 'acct_1' }]);
      if (path.startsWith('/v1/accounts')) return page([{ id: 'acct_1', currency: 'EUR' }]);
      arrived();
      return { status: 200, body: answered({ decision: 'declined', response_code: '57', reason: 'card_paused' }) };
    });
    const { child, ended } = start(
      COMMAND,
      ['--url', server.url.href, '--key', 'k', '--duration', '1h', '--json', '--quiet'],
      node,
    );
    await first;
    child.kill('SIGINT');
    const { out, error } = await ended;
    expect(error).toBe('');
    expect(JSON.parse(out)).toMatchObject({ stopped_early: true, declines: { card_paused: expect.any(Number) } });
  });
});

describe('the launcher', () => {
  test('on an old Node starts the command again on the one that the workspace brings, and passes on its status', async () => {
    const { ended } = start(COMMAND, ['--nonsense'], ['--import', OLD_NODE]);
    expect(await ended).toEqual({ status: 2, out: '', error: "unknown option '--nonsense'.\n" });
  });

  test('on an old Node before npm ci says what to run', async () => {
    await cp(COMMAND, join(folder, 'a', 'b', 'bin', 'launcher.mjs'));
    const { ended } = start(join(folder, 'a', 'b', 'bin', 'launcher.mjs'), [], ['--import', OLD_NODE]);
    expect(await ended).toEqual({ status: 1, out: '', error: expect.stringMatching(/run npm ci first\n$/) });
  });

  test('is the same for both commands', async () => {
    const [simulator, server] = await Promise.all([COMMAND, SERVER_COMMAND].map((file) => readFile(file, 'utf8')));
    const asServer = simulator?.replaceAll('holdfast-simulate', 'holdfast').replace('../src/main.ts', '../src/cli.ts');
    expect(asServer).toBe(server);
  });
});

function page(data: readonly unknown[]) {
  return { status: 200, body: { data, next_cursor: null } };
}
