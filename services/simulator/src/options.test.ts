import { describe, expect, test } from 'vitest';
import {
  MOST_CONNECTIONS,
  MOST_DISORDER,
  MOST_PURCHASES,
  MOST_RATE,
  MOST_SEED,
  MOST_STAND_IN,
  type Options,
  parseOptions,
} from './options.ts';
import { DISORDER_LEVELS, NO_DISORDER } from './traffic/disorder.ts';

function options(line: string, env: Record<string, string> = {}): Options {
  const parsed = parseOptions(line.split(' ').filter(Boolean), env);
  if (parsed.kind !== 'run') throw new Error(`not a run: ${JSON.stringify(parsed)}`);
  return parsed.options;
}

describe('the command line', () => {
  test('without arguments sends 50 messages a second for 30 s over 16 connections to this machine', () => {
    expect(options('')).toEqual({
      url: new URL('http://127.0.0.1:2600'),
      data: './data',
      rate: 50,
      durationMs: 30_000,
      connections: 16,
      disorder: { duplicates: 1, repeats: 3, late: 1, out_of_order: 0, dropped_answers: 1, stand_in: 0 },
      expectRecorded: false,
      quiet: false,
      json: false,
    });
  });

  test('of a file sends all of it in order, as fast as answers come', () => {
    const { rate, durationMs, connections, file } = options('--file messages.ndjson');
    expect({ rate, durationMs, connections, file }).toEqual({
      rate: 0,
      durationMs: undefined,
      connections: 1,
      file: 'messages.ndjson',
    });
  });

  test('takes what it is given, at the stated limits', () => {
    const line = `--url https://h.example:1/x --key hf_1 --data d --rate ${MOST_RATE} --duration 24h --connections ${MOST_CONNECTIONS} --seed ${MOST_SEED} --file - --expect-recorded --out o.ndjson --quiet --json`;
    expect(options(line)).toEqual({
      url: new URL('https://h.example:1/x'),
      key: 'hf_1',
      data: 'd',
      rate: MOST_RATE,
      durationMs: 86_400_000,
      connections: MOST_CONNECTIONS,
      disorder: DISORDER_LEVELS[1],
      seed: MOST_SEED,
      file: '-',
      expectRecorded: true,
      out: 'o.ndjson',
      quiet: true,
      json: true,
    });
  });

  test('reads address, key and data folder from the environment; the command line wins; empty is absent', () => {
    const env = { HOLDFAST_URL: 'http://127.0.0.1:1', HOLDFAST_API_KEY: 'hf_env', HOLDFAST_DATA: '/var/holdfast' };
    expect(options('', env)).toMatchObject({
      url: new URL('http://127.0.0.1:1'),
      key: 'hf_env',
      data: '/var/holdfast',
    });
    expect(options('--url http://127.0.0.1:2 --key hf_arg', env)).toMatchObject({
      url: new URL('http://127.0.0.1:2'),
      key: 'hf_arg',
    });
    expect(options('', { HOLDFAST_URL: '', HOLDFAST_API_KEY: '' })).not.toHaveProperty('key');
  });

  test('of purchases has no end but theirs', () => {
    const { purchases, durationMs } = options('--purchases 7');
    expect({ purchases, durationMs }).toEqual({ purchases: 7, durationMs: undefined });
    expect(options(`--purchases ${MOST_PURCHASES} --duration 5s`).durationMs).toBe(5_000);
  });

  test('sets all disorder by its level, and over that each kind by its own option, in any order', () => {
    expect(DISORDER_LEVELS.map((_, level) => options(`--disorder ${level}`).disorder)).toEqual(DISORDER_LEVELS);
    const said = '--duplicates 100 --repeats 2.5 --late 0 --out-of-order 4 --dropped-answers 5';
    const expected = { duplicates: 100, repeats: 2.5, late: 0, out_of_order: 4, dropped_answers: 5, stand_in: 50 };
    expect(options(`${said} --stand-in ${MOST_STAND_IN} --disorder 3`).disorder).toEqual(expected);
    expect(options('--disorder 0 --late 7').disorder).toEqual({ ...NO_DISORDER, late: 7 });
  });

  test.each([
    ['--rate -1', /--rate/],
    ['--rate fast', /'fast' is invalid. It is a number from 0.01 to 100000, or 0/],
    ['--rate 0.001', /--rate/],
    [`--rate ${MOST_RATE + 1}`, /--rate/],
    ['--rate', /--rate <n>' argument missing/],
    ['--duration 30', /It is a time such as 30s, 2m or 1h/],
    ['--duration 25h', /up to 24h/],
    ['--connections 0', /from 1 to 1024/],
    [`--connections ${MOST_CONNECTIONS + 1}`, /from 1 to 1024/],
    ['--connections 1.5', /from 1 to 1024/],
    ['--seed x', /from 0 to 4294967295/],
    [`--seed ${MOST_SEED + 1}`, /from 0 to 4294967295/],
    ['--url localhost', /--url takes the address of a server/],
    ['--url ftp://127.0.0.1', /--url takes the address of a server/],
    ['--url http://u:p@127.0.0.1', /--url takes the address of a server/],
    ['--speed 5', /unknown option '--speed'/],
    ['go', /too many arguments/],
    ['--file a.ndjson --out a.ndjson', /name the same file/],
    ['--out -', /--out takes the name of a file/],
    ['--expect-recorded', /--expect-recorded needs a --file/],
    ['--purchases 0', /from 1 to 1000000/],
    [`--purchases ${MOST_PURCHASES + 1}`, /from 1 to 1000000/],
    [`--disorder ${MOST_DISORDER + 1}`, /from 0 to 3/],
    ['--disorder -1', /from 0 to 3/],
    ['--late 100.1', /'100.1' is invalid. It is a number from 0 to 100, in percent/],
    ['--out-of-order much', /from 0 to 100/],
    [`--stand-in ${MOST_STAND_IN + 1}`, /from 0 to 50/],
    ['--file a.ndjson --disorder 1', /sent as it is/],
    ['--file a.ndjson --late 1', /sent as it is/],
    ['--file a.ndjson --purchases 1', /sent as it is/],
  ])('%s is refused in one sentence', (line, sentence) => {
    const parsed = parseOptions(line.split(' '), {});
    expect(parsed).toMatchObject({ kind: 'wrong', sentence: expect.stringMatching(sentence) });
    if (parsed.kind === 'wrong') expect(parsed.sentence).toMatch(/^[^\n]+\.$/);
  });

  test('--help names every option and shows no key', () => {
    const help = parseOptions(['--help'], { HOLDFAST_API_KEY: 'hf_secret' });
    expect(help).toMatchObject({ kind: 'help', text: expect.stringContaining('--expect-recorded') });
    expect(JSON.stringify(help)).not.toContain('hf_secret');
  });
});
