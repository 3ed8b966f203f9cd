import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../tools/freePort.ts';
import { raceRun } from './race/raceRun.ts';
import { listOf, sandboxApi, textOf } from './support/api.ts';
import { eventStoreProcess } from './support/eventStoreProcess.ts';
import { temporaryFolder } from './support/folder.ts';
import { holdfast } from './support/holdfastProcess.ts';
import { startService } from './support/serviceProcess.ts';

test('two authorizers race for one account and one limit, and every control holds', { timeout: 180_000 }, async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const eventStore = await eventStoreProcess(temporaryFolder());
  await eventStore.start();
  onTestFinished(() => eventStore.kill());
  const report = await raceRun({ data: temporaryFolder(), seed, kills: 1, eventStore });
  // On a failure the seed is in the comparison.
  expect(report).toMatchObject({ seed, problems: [] });
  expect(report.approved).toBeGreaterThan(20);
  expect(report.programPauses).toBeGreaterThan(0);
  // Each control decided something.
  expect(Object.keys(report.reasons)).toEqual(
    expect.arrayContaining(['program_paused', 'card_paused', 'card_limit_exceeded', 'insufficient_funds']),
  );
});

describe('the names of authorizers', () => {
  const key = randomBytes(32).toString('hex');

  test('one that was killed holds up a change until it is retired', { timeout: 120_000 }, async () => {
    const eventStore = await eventStoreProcess(temporaryFolder());
    await eventStore.start();
    onTestFinished(() => eventStore.kill());
    const data = temporaryFolder();
    const environment = { ...eventStore.environment, HOLDFAST_FINGERPRINT_KEY: key };
    const [issuingPort, port, otherPort] = await Promise.all([freePort(), freePort(), freePort()]);
    const authorizer = (name: string, at: number, folder = name) =>
      startService(['authorizer', '--name', name, '--data', join(data, folder)], at, environment);
    // Authorizers announce themselves in an empty log: there is still nothing in it for whoever makes a sandbox.
    const [east, west] = await Promise.all([authorizer('east', port), authorizer('west', otherPort)]);
    const issuing = await startService(['issuing', '--data', data], issuingPort, environment);
    const api = await sandboxApi(issuing.address, data);
    const [account = {}] = listOf((await api.get('/v1/accounts')).body, 'data');
    const pause = () => api.send('POST', `/v1/programs/${textOf(account, 'program_id')}/pause`, {}, 'the-same-call');

    await west.end('SIGKILL');
    const waited = await pause();
    expect(waited).toMatchObject({ status: 503, body: { code: 'not_yet_in_force', authorizers: ['west'] } });
    expect(waited.body.detail).toContain('not yet confirmed by west');
    const listed = await holdfast(['authorizer', 'list'], environment);
    expect(listed.out).toMatch(/^east {2}running {2}[0-9a-f-]{36}\nwest {2}running {2}[0-9a-f-]{36}\n$/);
    expect(await holdfast(['authorizer', 'retire', 'west'], environment)).toMatchObject({
      status: 0,
      out: 'west is retired: no change waits for it any more.\n',
    });
    expect(await pause()).toMatchObject({ status: 200, body: { status: 'paused' } });
    for (const [name, why] of [
      ['west', 'it was stopped or retired before'],
      ['north', 'no authorizer ever had this name; see holdfast authorizer list'],
    ] as const) {
      const { status, err } = await holdfast(['authorizer', 'retire', name], environment);
      expect({ status, err }).toEqual({ status: 1, err: `holdfast: ${name} is not retired: ${why}\n` });
    }

    // Another process under the same name: the one that had it ends.
    const again = await authorizer('east', otherPort, 'another-folder');
    expect(await east.ended).toMatchObject({ status: 70 });
    expect(east.output()).toMatch(
      /the authorizer name east is no longer this process's: process [0-9a-f-]{36} has started/,
    );
    await again.end('SIGTERM');
    await issuing.end('SIGTERM');
    expect((await holdfast(['authorizer', 'list'], environment)).out).toMatch(
      /^east {2}stopped .*\nwest {2}retired .*\n$/,
    );
    expect((await holdfast(['verify'], environment)).status).toBe(0);
  });
});
