// faultyServer.ts: an HTTP server on loopback that misbehaves as a test tells it to. It is no Holdfast: it decides nothing.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { JsonObject } from '../source.ts';

export type Received = { readonly path: string; readonly authorization: string | undefined; readonly body: JsonObject };
/** What to do with the nth request, counting from 0. */
export type Behaviour = (index: number, received: Received) => Reply | Promise<Reply>;
export type Reply = 'reset' | { readonly status: number; readonly body: unknown };

export type FaultyServer = AsyncDisposable & { readonly url: URL; readonly received: readonly Received[] };

/** Listens on a free port until it is disposed of. */
export async function faultyServer(behaviour: Behaviour): Promise<FaultyServer> {
  const received: Received[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const one = {
      path: request.url ?? '',
      authorization: request.headers.authorization,
      body: text === '' ? {} : JSON.parse(text),
    };
    received.push(one);
    const reply = await behaviour(received.length - 1, one);
    if (reply === 'reset') request.socket.resetAndDestroy();
    else {
      const body = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
      response.writeHead(reply.status, { 'content-type': 'application/json' }).end(body);
    }
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return {
    url: new URL(`http://127.0.0.1:${address.port}`),
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
