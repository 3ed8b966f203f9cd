import { describe, expect, test } from 'vitest';
import type { Clock } from './clock.ts';
import { type Behaviour, faultyServer } from './testing/faultyServer.ts';
import { httpTransport, MOST_ATTEMPTS } from './transport.ts';

const MESSAGE = { type: 'authorization', stan: '000001' };
const OK = { status: 200, body: { decision: 'approved' } };
const UNAVAILABLE = { status: 503, body: { response_code: '91' } };

/** Does not wait; remembers for how long it should have. */
function patientClock(): Clock & { readonly pauses: number[] } {
  const pauses: number[] = [];
  return { pauses, nowMs: () => 0, until: async (atMs) => void pauses.push(atMs) };
}

async function send(behaviour: Behaviour, stop = new AbortController().signal, path = '') {
  await using server = await faultyServer(behaviour);
  const clock = patientClock();
  const transport = httpTransport({ url: new URL(path, server.url), connections: 1 }, 'hf_key', clock);
  const sent = await transport.send(MESSAGE, stop);
  await transport.close();
  return { sent, received: server.received, pauses: clock.pauses };
}

describe('a message over HTTP', () => {
  test('is posted once, with the key, when it is answered', async () => {
    const { sent, received } = await send(() => OK);
    expect(sent).toEqual({ message: MESSAGE, ...OK, failures: [], attempts: 1 });
    expect(received).toEqual([{ path: '/v1/network/messages', authorization: 'Bearer hf_key', body: MESSAGE }]);
  });

  test('goes below the path of the address', async () => {
    const { received } = await send(() => OK, undefined, '/proxy/');
    expect(received[0]?.path).toBe('/proxy/v1/network/messages');
  });

  test.each([
    ['a 503', UNAVAILABLE, 'http 503'],
    ['a reset', 'reset', 'connection reset'],
  ] as const)('after %s is sent again as a repeat', async (_case, fault, failure) => {
    const { sent, received, pauses } = await send((index) => (index < 2 ? fault : OK));
    expect(received.map(({ body }) => body)).toEqual([
      MESSAGE,
      { ...MESSAGE, repeat: true },
      { ...MESSAGE, repeat: true },
    ]);
    expect(sent).toEqual({ message: { ...MESSAGE, repeat: true }, ...OK, failures: [failure, failure], attempts: 3 });
    expect(pauses).toEqual([100, 400]);
  });

  test('is given up after its last attempt', async () => {
    const { sent, received } = await send(() => 'reset');
    expect(received).toHaveLength(MOST_ATTEMPTS);
    expect(sent).toMatchObject({ status: undefined, body: undefined, attempts: MOST_ATTEMPTS });
    expect(sent.failures).toEqual(Array(MOST_ATTEMPTS).fill('connection reset'));
  });

  test('is given up at once when the run was stopped', async () => {
    const { sent, received } = await send(() => UNAVAILABLE, AbortSignal.abort());
    expect(received).toHaveLength(1);
    expect(sent).toMatchObject({ status: 503, attempts: 1 });
  });

  test.each([400, 404, 409, 500])('answered %i is not sent again', async (status) => {
    const { sent, received } = await send(() => ({ status, body: { code: 'x' } }));
    expect(received).toHaveLength(1);
    expect(sent).toMatchObject({ status, failures: status >= 500 ? [`http ${status}`] : [] });
  });

  test('answered with no JSON has no body', async () => {
    const { sent } = await send(() => ({ status: 200, body: '<html>' }));
    expect(sent).toMatchObject({ status: 200, body: undefined });
  });

  test('answered with more than any answer has counts as a failure', async () => {
    const { sent } = await send(() => ({ status: 200, body: 'x'.repeat(2_000_000) }));
    expect(sent).toMatchObject({
      status: undefined,
      failures: Array(MOST_ATTEMPTS).fill('UND_ERR_RES_EXCEEDED_MAX_SIZE'),
    });
  });

  test('to nobody is refused', async () => {
    const { url } = await closed();
    const transport = httpTransport({ url, connections: 1 }, 'hf_key', patientClock());
    const sent = await transport.send(MESSAGE, new AbortController().signal);
    expect(sent.failures).toEqual(Array(MOST_ATTEMPTS).fill('connection refused'));
    await transport.close();
  });
});

/** An address where somebody listened a moment ago. */
async function closed() {
  await using server = await faultyServer(() => OK);
  return { url: server.url };
}
