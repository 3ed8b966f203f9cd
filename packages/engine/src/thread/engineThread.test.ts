// engineThread.test.ts: an engine behind a port answers as it does itself: values, errors, keys, counters, its end.

import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { InvariantBroken } from '@holdfast/domain';
import { commandIdOf, contentHashOf } from '@holdfast/events';
import { openMemoryJournal } from '@holdfast/journal/memory';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Engine } from '../engine.ts';
import { EngineUnavailable, NotYetInForce, SeatLost, StreamQuarantined } from '../errors.ts';
import { openEngine } from '../runtime.ts';
import { memoryIndex } from '../testing/memoryIndex.ts';
import * as given from '../testing/program.ts';
import { errorOf, textOf } from './errorText.ts';
import { connectEngine } from './remoteEngine.ts';
import { serveEngine } from './serveEngine.ts';

/** The engine itself, and as another thread sees it. */
async function served(changed: (engine: Engine) => Engine = (engine) => engine) {
  const engine = changed(await openEngine({ journal: openMemoryJournal(), index: memoryIndex() }));
  const { port1, port2 } = new MessageChannel();
  const connected = connectEngine({
    postMessage: (message) => port1.postMessage(message),
    on: (event, listener) => port1.on(event, listener),
    ended: once(port1, 'close'),
  });
  serveEngine(engine, port2, () => engine.close());
  const remote = await connected;
  onTestFinished(() => remote.close());
  return { engine, remote };
}

describe('an engine in another thread', () => {
  test('decides what is sent, and what is sent again gets the same answer', async () => {
    const { engine, remote } = await served();
    await given.openProgram(remote);
    const sent = Array.from({ length: 100 }, (_, n) => given.authorization(n, 7_00n));
    const answers = await Promise.all(sent.map((message) => given.send(remote, message)));
    expect(answers.filter(({ decision }) => decision === 'approved')).toHaveLength(14);
    expect(answers.filter(({ reason }) => reason === 'insufficient_funds')).toHaveLength(86);
    expect(await Promise.all(sent.map((message) => given.send(engine, message)))).toEqual(answers);
    const first = given.submission(given.authorization(0, 7_00n), Date.now() + 5_000);
    expect(await remote.submit(first)).toEqual(await engine.submit(first));
  });

  test('answers management calls and look-ups with what the engine says', async () => {
    const { engine, remote } = await served();
    await given.openProgram(remote);
    expect(await given.deposit(remote, 5_00n, 'more')).toEqual(await given.deposit(engine, 5_00n, 'more'));
    expect(await remote.accountOf(given.card)).toBe(given.account);
    expect(await remote.programOf(given.account)).toBe(given.program);
    expect(await remote.accountOf(given.another('nobody').card)).toBeUndefined();
  });

  test('what is counted is seen by whoever has the answer', async () => {
    const { engine, remote } = await served();
    await given.openProgram(remote);
    for (let n = 1; n <= 3; n++) {
      await given.send(remote, given.authorization(n, 1_00n));
      expect(remote.counters).toEqual(engine.counters);
      expect(remote.counters.decisions).toBe(n);
    }
  });

  test('a key is in force once its issue is answered, and those of others after `current`', async () => {
    const { engine, remote } = await served();
    const issue = (by: Engine, name: string) =>
      by.execute(
        { type: 'issueApiKey', apiKeyId: given.apiKey, name, roles: ['network'], secretHash: `hash of ${name}` },
        { commandId: commandIdOf(name), contentHash: contentHashOf(name), actor: 'test', correlationId: 'test' },
      );
    expect(remote.apiKey('hash of one')).toBeUndefined();
    await issue(remote, 'one');
    expect(remote.apiKey('hash of one')).toMatchObject({ apiKeyId: given.apiKey, roles: ['network'] });
    const other = await served();
    await issue(other.engine, 'other');
    await other.remote.current();
    expect(other.remote.apiKey('hash of other')).toMatchObject({ roles: ['network'] });
    expect(engine.apiKey('hash of other')).toBeUndefined();
  });

  test('what the engine cannot do rejects there too, alone', async () => {
    const { remote } = await served((engine) => ({
      ...engine,
      execute: () => Promise.reject(new NotYetInForce(['north', 'south'])),
      submit: () => Promise.reject(new StreamQuarantined('account-1')),
    }));
    await expect(given.send(remote, given.authorization(1, 1_00n))).rejects.toThrow(StreamQuarantined);
    const refused = await given.deposit(remote, 1n).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(NotYetInForce);
    expect(refused).toMatchObject({ authorizers: ['north', 'south'], code: 'not_yet_in_force' });
    expect(await remote.accountOf(given.card)).toBeUndefined();
  });

  test('when it fails, the other thread is told why, and it is not ready any more', async () => {
    const failing = Promise.withResolvers<never>();
    const { remote } = await served((engine) => ({ ...engine, failed: failing.promise }));
    expect(remote.ready).toBe(true);
    failing.reject(new SeatLost('north', 'an operator has retired it'));
    await expect(remote.failed).rejects.toThrow('the authorizer name north is no longer this process');
    expect(remote.ready).toBe(false);
  });

  test('a thread that ends unasked is a failure', async () => {
    const thread = Promise.withResolvers<void>();
    const engine = await openEngine({ journal: openMemoryJournal(), index: memoryIndex() });
    const { port1, port2 } = new MessageChannel();
    const connected = connectEngine({
      postMessage: (message) => port1.postMessage(message),
      on: (event, listener) => port1.on(event, listener),
      ended: thread.promise,
    });
    serveEngine(engine, port2, () => engine.close());
    const remote = await connected;
    onTestFinished(() => remote.close());
    thread.resolve();
    await expect(remote.failed).rejects.toThrow('the thread that decides has ended');
    expect(remote.ready).toBe(false);
  });

  test('closing answers what was accepted, and is no failure', async () => {
    const { engine, remote } = await served();
    await given.openProgram(remote);
    const answers = Array.from({ length: 50 }, (_, n) => given.send(remote, given.authorization(n, 1_00n)));
    await remote.close();
    expect((await Promise.all(answers)).every(({ decision }) => decision === 'approved')).toBe(true);
    expect([remote.ready, engine.ready]).toEqual([false, false]);
    const outcome = await Promise.race([remote.failed.catch(() => 'failed'), Promise.resolve('not failed')]);
    expect(outcome).toBe('not failed');
  });

  test.each([
    new EngineUnavailable('too many messages are under way'),
    new StreamQuarantined('account-1'),
    new NotYetInForce(['north']),
    new SeatLost('north', 'why'),
    new InvariantBroken('an account of a program that is not in the log'),
    new RangeError('something else'),
  ])('%s is the same error after it has crossed', (error) => {
    const crossed = errorOf(structuredClone(textOf(error)));
    expect({ ...crossed, name: crossed.name, message: crossed.message, stack: crossed.stack }).toEqual({
      ...error,
      name: error.name,
      message: error.message,
      stack: error.stack,
    });
    if (!(error instanceof RangeError)) expect(crossed).toBeInstanceOf(error.constructor);
  });
});
