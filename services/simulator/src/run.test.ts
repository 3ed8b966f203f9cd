import { describe, expect, test } from 'vitest';
import { systemClock } from './clock.ts';
import { tally } from './measure/tally.ts';
import { paceOf } from './pace.ts';
import { noResults, type Result } from './results.ts';
import { run } from './run.ts';
import { InputError, type Outgoing, type Source } from './source.ts';
import { answered } from './testing/answers.ts';
import { type Behaviour, faultyServer } from './testing/faultyServer.ts';
import { trafficSource } from './traffic/trafficSource.ts';
import { httpTransport } from './transport.ts';

const ACCEPTED = { status: 200, body: answered() };

type Options = { source: Source; connections?: number; rate?: number; stop?: AbortSignal };

async function runAgainst(behaviour: Behaviour, { source, connections = 1, rate = 0, stop }: Options) {
  await using server = await faultyServer(behaviour);
  const startedAtMs = systemClock.nowMs();
  const counted = tally(startedAtMs);
  const results: Result[] = [];
  const transport = httpTransport({ url: server.url, connections }, 'hf_key', systemClock);
  let failure: unknown;
  try {
    await run({
      source,
      transport,
      pace: paceOf(rate, startedAtMs, Number.POSITIVE_INFINITY),
      tally: counted,
      results: { ...noResults, write: async (result) => void results.push(result) },
      connections,
      clock: systemClock,
      stop: stop ?? new AbortController().signal,
    });
  } catch (error) {
    failure = error;
  } finally {
    await transport.close();
  }
  return { counted, results, received: server.received, failure };
}

function list(...outgoing: readonly Outgoing[]): Source {
  const left = [...outgoing];
  return { next: async () => left.shift(), waiting: 0, close: () => undefined };
}

function clearing(stan: string): Outgoing {
  return { message: { type: 'clearing', stan }, expectation: { of: 'any' } };
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => clearing(`${index}`));
const traffic = () =>
  trafficSource({
    seed: 1,
    cards: [{ id: 'card_1', currency: 'EUR', allowed: [] }],
    startedAtMs: systemClock.nowMs(),
    durationMs: 1,
  });
/** A source that stops the run after `count` messages. */
function limited(source: Source, count: number) {
  const stop = new AbortController();
  let made = 0;
  const next: Source['next'] = (nowMs) => {
    made += 1;
    if (made === count) stop.abort();
    return source.next(nowMs);
  };
  return { source: { next, waiting: 0, close: source.close }, stop: stop.signal };
}

describe('a run', () => {
  test('over one connection sends in order, one after the other', async () => {
    let open = 0;
    let most = 0;
    const { received, counted } = await runAgainst(
      async () => {
        most = Math.max(most, ++open);
        await new Promise(setImmediate);
        open -= 1;
        return ACCEPTED;
      },
      { source: list(...numbered(50)) },
    );
    expect(received.map(({ body }) => body.stan)).toEqual(numbered(50).map(({ message }) => message.stan));
    expect(most).toBe(1);
    expect(counted.kinds.get('clearing')).toMatchObject({ sent: 50, accepted: 50 });
  });

  test('over several connections has that many messages on their way and no more', async () => {
    let release = () => {};
    const all = new Promise<void>((resolve) => {
      release = resolve;
    });
    let open = 0;
    let most = 0;
    const { counted } = await runAgainst(
      async () => {
        most = Math.max(most, ++open);
        // Only when four wait at once does any get its answer: fewer would hang.
        if (open === 4) release();
        await all;
        open -= 1;
        return ACCEPTED;
      },
      { source: list(...numbered(40)), connections: 4 },
    );
    expect(most).toBe(4);
    expect(counted.kinds.get('clearing')).toMatchObject({ sent: 40, accepted: 40 });
  });

  test('writes what was sent and what came back', async () => {
    const { results } = await runAgainst((index) => (index === 0 ? ACCEPTED : { status: 400, body: { code: 'bad' } }), {
      source: list(...numbered(2)),
    });
    expect(results).toEqual([
      {
        sent_at: expect.any(String),
        latency_ms: expect.any(Number),
        message: clearing('0').message,
        status: 200,
        answer: ACCEPTED.body,
      },
      {
        sent_at: expect.any(String),
        latency_ms: expect.any(Number),
        message: clearing('1').message,
        status: 400,
        answer: { code: 'bad' },
      },
    ]);
  });

  test('counts what was refused, lost, and made good by a repeat', async () => {
    const { counted } = await runAgainst(
      (_index, { body }) =>
        body.stan === '0'
          ? { status: 400, body: { code: 'invalid_message' } }
          : body.repeat === true
            ? ACCEPTED
            : 'reset',
      { source: list(...numbered(2)) },
    );
    expect([...counted.refusals]).toEqual([['400 invalid_message', 1]]);
    expect([...counted.errors]).toEqual([['connection reset', 1]]);
    expect([counted.resent, counted.lost]).toEqual([1, 0]);
  });

  test('flags a repeat that is answered differently', async () => {
    const repeat: Outgoing = {
      message: { type: 'clearing', stan: '7', repeat: true },
      expectation: { of: 'same', answer: answered({ transaction_id: 'txn_1' }) },
    };
    const { counted } = await runAgainst(() => ACCEPTED, { source: list(repeat) });
    expect([...counted.broken]).toEqual([['answered_differently', { count: 1, example: 'clearing 7' }]]);
  });

  test.each([
    ['no decision', { status: 200, body: { ok: true } }, ['unreadable_answer']],
    [
      'a decision with a fraction of a cent',
      { status: 200, body: { ...answered(), approved_amount: 0.5 } },
      ['unreadable_answer'],
    ],
    ['a refusal', { status: 400, body: { code: 'x' } }, ['refused_message']],
    ['a fact for a request', ACCEPTED, ['wrong_kind_of_decision']],
  ])('of traffic flags %s', async (_case, reply, broken) => {
    const { counted } = await runAgainst(() => reply, limited(traffic(), 2));
    expect([...counted.broken.keys()]).toEqual(expect.arrayContaining(broken));
  });

  test.each([401, 403])('ends with a sentence when the key is answered %i', async (status) => {
    const { failure, counted } = await runAgainst(() => ({ status, body: {} }), { source: traffic(), connections: 4 });
    expect(failure).toBeInstanceOf(InputError);
    expect(counted.sent).toBeLessThanOrEqual(4);
  });

  test('that is stopped sends nothing new and waits for the answers on their way', async () => {
    const stop = new AbortController();
    const { counted } = await runAgainst(
      async (index) => {
        if (index === 9) stop.abort();
        await new Promise(setImmediate);
        return ACCEPTED;
      },
      { source: list(...numbered(1_000)), stop: stop.signal, connections: 2 },
    );
    expect(counted.sent).toBeLessThanOrEqual(11);
    expect(counted.kinds.get('clearing')?.accepted).toBe(counted.sent);
  });

  test('that is stopped while it waits for its next moment ends at once', async () => {
    // A message every hundred seconds: the second one is never due within this test.
    const stop = new AbortController();
    const { counted } = await runAgainst(
      async () => {
        setImmediate(() => stop.abort());
        return ACCEPTED;
      },
      { source: list(...numbered(5)), rate: 0.01, stop: stop.signal },
    );
    expect(counted.sent).toBe(1);
  });

  test('ends when its file turns out wrong, after the answers on their way', async () => {
    const left = numbered(3);
    const source: Source = {
      next: async () => {
        const next = left.shift();
        if (next === undefined) throw new InputError('Line 4 is not a JSON object.');
        return next;
      },
      waiting: 0,
      close: () => undefined,
    };
    const { failure, counted } = await runAgainst(() => ACCEPTED, { source, connections: 2 });
    expect(failure).toEqual(new InputError('Line 4 is not a JSON object.'));
    expect(counted.kinds.get('clearing')).toMatchObject({ sent: 3, accepted: 3 });
  });
});
