// shutdown.test.ts: closing answers what came in, ends idle connections, and does not wait for ever.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { buildServer } from './server.ts';
import { closeServer } from './shutdown.ts';

async function serve() {
  const redact = (text: string) => text;
  const app = buildServer({
    logger: createLogger({ level: 'silent', name: 'test', redact }),
    apiKey: () => undefined,
    redact,
  });
  const started = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  app.get('/slow', { config: { roles: 'public' } }, async () => {
    started.resolve();
    await release.promise;
    return { answered: true };
  });
  app.get('/fast', { config: { roles: 'public' } }, async () => ({}));
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { app, port, started: started.promise, release: release.resolve };
}

function open(port: number) {
  const socket: Socket = connect(port, '127.0.0.1');
  const received = { text: '' };
  socket.on('data', (bytes) => {
    received.text += bytes;
  });
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.on('close', resolve));
  return { socket, received, closed };
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

describe('closing', () => {
  test('answers what came in before, and then ends its kept-alive connection and the idle ones', async () => {
    const { app, port, started, release } = await serve();
    const idle = open(port);
    idle.socket.write(get('/fast'));
    await once(idle.socket, 'data');
    const busy = open(port);
    busy.socket.write(get('/slow'));
    await started;
    const closing = closeServer(app, 60_000);
    await idle.closed;
    expect(busy.received.text).toBe('');
    release();
    expect(await closing).toBe('drained');
    await busy.closed;
    expect(busy.received.text).toContain('{"answered":true}');
    const late = open(port);
    await late.closed;
    expect(late.received.text).toBe('');
  });

  test('cuts off what takes longer than the time given', async () => {
    const { app, port, started, release } = await serve();
    const busy = open(port);
    busy.socket.write(get('/slow'));
    await started;
    expect(await closeServer(app, 10)).toBe('cut');
    await busy.closed;
    expect(busy.received.text).toBe('');
    release();
  });
});
