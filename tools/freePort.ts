// freePort.ts: for tests: a port of loopback that nobody listens on.

import { once } from 'node:events';
import { createServer } from 'node:net';

/** Another program may take it before it is used: that is unlikely, and seen at once. */
export async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  await once(listener, 'close');
  if (address === null || typeof address === 'string') throw new Error('a listener without a port');
  return address.port;
}
