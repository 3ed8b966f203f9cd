// slowLink.ts: for tests: a way to a server on which every answer takes a while longer, as over a wide network.

import { connect, createServer, type Socket } from 'node:net';

export type SlowLink = {
  readonly port: number;
  /** From now on it is as fast as it can be. */
  hurry(): void;
  close(): void;
};

/** What the server says arrives `delayMs` later; what it is told, at once. */
export async function slowLink(port: number, delayMs: number): Promise<SlowLink> {
  const sockets = new Set<Socket>();
  let delay = delayMs;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        (socket === near ? far : near).destroy();
      });
    }
    near.pipe(far);
    // Timers of another length could overtake those that wait: what was delayed goes first.
    let waiting = 0;
    far.on('data', (bytes) => {
      if (delay === 0 && waiting === 0) near.write(bytes);
      else {
        waiting += 1;
        setTimeout(() => {
          waiting -= 1;
          near.write(bytes);
        }, delayMs);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the link has no port');
  return {
    port: address.port,
    hurry() {
      delay = 0;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
