import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fingerprintOf, newFolder, temporaryFolder } from './support/folder.ts';
import { HOLDFAST, holdfast, startHoldfastProcess } from './support/holdfastProcess.ts';

// Real processes on a machine that may be busy with others.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** A folder with a sandbox whose server has stopped. */
let data: string;

beforeAll(async () => {
  data = newFolder();
  const server = await startHoldfastProcess({ data });
  await server.stop();
}, 120_000);

afterAll(() => rmSync(data, { recursive: true }));

function stranger(): string {
  const folder = temporaryFolder();
  using db = new DatabaseSync(join(folder, 'log.db'));
  db.exec('CREATE TABLE mine (it TEXT); INSERT INTO mine VALUES (1)');
  return folder;
}

function garbage(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'log.db'), 'this is a diary, not a log\n'.repeat(400));
  return folder;
}

function empty(): string {
  const folder = join(temporaryFolder(), 'empty');
  mkdirSync(folder);
  return folder;
}

function copy(): string {
  const folder = temporaryFolder();
  cpSync(data, folder, { recursive: true });
  return folder;
}

describe('a wrong use gets one sentence and status 2, and changes nothing', () => {
  const cases: readonly (readonly [
    name: string,
    args: (folder: string) => readonly string[],
    folder: () => string,
    sentence: RegExp,
  ])[] = [
    ['an unknown command', () => ['frobnicate'], empty, /unknown command 'frobnicate'/],
    ['an unknown option', () => ['verify', '--jsn'], empty, /unknown option '--jsn' \(Did you mean --json\?\)/],
    ['an argument too many', (folder) => ['verify', folder], empty, /too many arguments for 'verify'/],
    ['an option without its value', () => ['log', '--data'], empty, /'-d, --data <folder>' argument missing/],
    ['a position that is none', () => ['log', '--from', '-1'], empty, /A position is a whole number/],
    ['a limit of nothing', () => ['log', '--limit', '0'], empty, /a whole number above zero/],
    ['an event type that is none', () => ['log', '--type', 'Authorised'], empty, /no such event type/],
    [
      'verifying a missing folder',
      (folder) => ['verify', '--data', join(folder, 'nowhere')],
      empty,
      /the folder does not exist/,
    ],
    ['verifying an empty folder', (folder) => ['verify', '--data', folder], empty, /it has no log\.db/],
    ['verifying another program’s database', (folder) => ['verify', '--data', folder], stranger, /not a Holdfast log/],
    ['verifying what is no database', (folder) => ['verify', '--data', folder], garbage, /not a Holdfast log/],
    [
      'printing a missing folder',
      (folder) => ['log', '--data', join(folder, 'nowhere')],
      empty,
      /the folder does not exist/,
    ],
    ['printing another program’s database', (folder) => ['log', '--data', folder], stranger, /not a Holdfast log/],
    [
      'printing an unknown stream',
      (folder) => ['log', 'account-none', '--data', folder],
      copy,
      /there is no stream account-none/,
    ],
    [
      'starting on another program’s database',
      (folder) => ['start', '--port', '0', '--data', folder],
      stranger,
      /not a Holdfast log/,
    ],
    ['starting on a file', (folder) => ['start', '--port', '0', '--data', join(folder, 'log.db')], garbage, /log\.db/],
    [
      'starting with a port that is none',
      (folder) => ['start', '--port', '65536', '--data', folder],
      empty,
      /HOLDFAST_PORT \(--port\) must be/,
    ],
    [
      'starting in production without a key',
      (folder) => ['start', '--mode', 'production', '--data', folder],
      empty,
      /HOLDFAST_FINGERPRINT_KEY is needed in production.*openssl rand/,
    ],
  ];

  test.each(cases)('%s', async (_, args, makeFolder, sentence) => {
    const folder = makeFolder();
    const before = fingerprintOf(folder);
    const { status, out, err } = await holdfast(args(folder));
    expect(err).toMatch(sentence);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).not.toMatch(/\n +at /);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    // SQLite leaves empty helpers beside a log that was read; every file that was there is as it was.
    expect(fingerprintOf(folder)).toMatchObject(before);
    const added = Object.keys(fingerprintOf(folder)).filter((file) => !(file in before));
    expect(added.filter((file) => file !== 'log.db-wal' && file !== 'log.db-shm')).toEqual([]);
  });

  test('everything that is wrong with a configuration is said at once', async () => {
    const { status, err } = await holdfast(['start', '--port', 'x', '--mode', 'demo'], {
      HOLDFAST_BIN: '12',
      HOLDFAST_FINGERPRINT_KEY: 'dG9vIHNob3J0',
      HOLDFAST_LOG_LEVEL: 'loud',
    });
    expect(status).toBe(2);
    for (const name of ['PORT', 'MODE', 'BIN', 'FINGERPRINT_KEY', 'LOG_LEVEL'])
      expect(err).toContain(`HOLDFAST_${name}`);
    expect(err).not.toContain('dG9vIHNob3J0');
  });
});

describe('holdfast verify', () => {
  test('finds a log clean, in words and in JSON', async () => {
    const words = await holdfast(['verify', '--data', data]);
    expect(words).toMatchObject({ status: 0, err: '' });
    expect(words.out).toMatch(/events +28 {2}to position 28[\s\S]*Clean: every event holds/);
    const { out, status } = await holdfast(['verify', '--data', data, '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ clean: true, events: 28, accounts: 4, cards: 6, problemCount: 0 });
  });

  test('finds what was altered, and ends with 1', async () => {
    const folder = copy();
    using db = new DatabaseSync(join(folder, 'log.db'));
    for (const { name } of db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()) {
      db.exec(`DROP TRIGGER ${name}`);
    }
    db.exec(`UPDATE events SET data = replace(data, '"amountMinor":"150000"', '"amountMinor":"950000"')`);
    const { status, out } = await holdfast(['verify', '--data', folder]);
    expect(status).toBe(1);
    expect(out).toMatch(/Broken: 1 problem\.[\s\S]*position 24 .*wrong_event_id/);
  });
});

describe('holdfast log', () => {
  test('prints a line for each event', async () => {
    const { status, out } = await holdfast(['log', '--data', data]);
    expect(status).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(28);
    expect(out).toMatch(/FundsDeposited +\+250000\.00 EUR {2}“Sandbox money” {2}available 250000\.00, held 0\.00 EUR/);
  });

  test('prints one stream, by its name or by the id of what it belongs to', async () => {
    const all = await holdfast(['log', '--data', data, '--type', 'AccountOpened', '--limit', '1', '--json']);
    const { stream, data: opened } = JSON.parse(all.out);
    const byName = await holdfast(['log', stream, '--data', data]);
    const byId = await holdfast(['log', opened.accountId, '--data', data]);
    expect(byName.out).toBe(byId.out);
    expect(byName.out.trimEnd().split('\n')).toHaveLength(6);
  });

  test('begins at a position and stops at a limit', async () => {
    const { out } = await holdfast(['log', '--data', data, '--from', '3', '--limit', '2', '--json']);
    const positions = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).position);
    expect(positions).toEqual(['3', '4']);
  });

  test('ends quietly when nobody reads on', async () => {
    const child = spawn(process.execPath, [HOLDFAST, 'log', '--data', data], { stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.on('data', (text) => {
      err += text;
    });
    child.stdout.destroy();
    const [status] = await once(child, 'close');
    expect({ status, err }).toEqual({ status: 0, err: '' });
  });

  test('follows the log while the server writes it', async () => {
    const folder = copy();
    const following = spawn(process.execPath, [
      HOLDFAST,
      'log',
      '--follow',
      '--from',
      '28',
      '--limit',
      '2',
      '--data',
      folder,
    ]);
    let out = '';
    following.stdout.on('data', (text) => {
      out += text;
    });
    const closed = once(following, 'close');
    const server = await startHoldfastProcess({ data: folder, flags: ['--new-key'] });
    const [status] = await closed;
    await server.stop();
    expect(status).toBe(0);
    expect(out.match(/ApiKeyIssued/g)).toHaveLength(2);
  });
});

describe('help and version', () => {
  test.each([
    [['--help']],
    [['start', '--help']],
    [['verify', '--help']],
    [['log', '--help']],
    [['feed', '--help']],
    [['issuing', '--help']],
    [['authorizer', '--help']],
    [['authorizer', 'retire', '--help']],
    [['projector', '--help']],
    [['eventstore', '--help']],
    [['up', '--help']],
    [[]],
  ])('%j', async (args) => {
    const { status, out, err } = await holdfast(args);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^Usage: holdfast/);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
  });

  test('the version is the package’s', async () => {
    expect((await holdfast(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
