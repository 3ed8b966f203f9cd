// server.ts: EventStoreDB's protocol over a journal, on a port of its own.

import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import grpc from '@grpc/grpc-js';
import type { Journal } from '@holdfast/journal';
import { batchAppend } from './batchAppend.ts';
import { addCluster, VERSION } from './cluster.ts';
import type { Faults } from './faults.ts';
import type { Node } from './node.ts';
import { read } from './read.ts';
import type { ReadCall } from './sending.ts';

/** A real server takes 16 MiB; the default of the library is smaller than its largest event. */
const MESSAGE_BYTES_MOST = 17 * 1024 * 1024;

export type EventStoreServer = {
  readonly host: string;
  readonly port: number;
  readonly connectionString: string;
  /** May be changed while it runs. */
  readonly faults: Faults;
  /** Ends every connection at once, as a lost network would. */
  cutConnections(): void;
  /** For so many milliseconds there is no leader; connections end at the beginning. */
  elect(ms: number): void;
  /** Ends connections and readings; the journal stays open. */
  close(): Promise<void>;
};

/**
 * The positions of `journal` must have no gaps, as those of the embedded log and of the one in memory. Listens on `host`, without encryption or passwords: so loopback unless told otherwise. Port 0 takes a free one.
 * Rejects with the error of the port, `EADDRINUSE` for one that is taken.
 */
export async function startEventStoreServer({
  journal,
  host = '127.0.0.1',
  port = 0,
  version = VERSION,
}: {
  readonly journal: Journal;
  readonly host?: string;
  readonly port?: number;
  /** What it says that it is; it behaves as 24.10.4 all the same. */
  readonly version?: string;
}): Promise<EventStoreServer> {
  const sockets = new Map<string, Socket>();
  const listener = createServer({ noDelay: true });
  listener.listen(port, host);
  await once(listener, 'listening');
  const bound = (listener.address() as AddressInfo).port;

  const server = new grpc.Server({
    'grpc.max_receive_message_length': MESSAGE_BYTES_MOST,
    'grpc.max_send_message_length': MESSAGE_BYTES_MOST,
  });
  const faults: Faults = {};
  let electing = false;
  const cutAll = (): void => {
    for (const socket of sockets.values()) socket.destroy();
  };
  const node: Node = {
    journal,
    faults,
    host,
    port: bound,
    version,
    get electing() {
      return electing;
    },
    cut: (call) => sockets.get(call.getPeer())?.destroy(),
  };
  addCluster(server, node);
  server.addService(StreamsService, {
    batchAppend: (call: Parameters<typeof batchAppend>[1]) => batchAppend(node, call),
    read: (call: ReadCall) => void read(node, call),
  });
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  listener.on('connection', (socket) => {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    sockets.set(peer, socket);
    socket.once('close', () => sockets.delete(peer));
    socket.on('error', () => {});
    injector.injectConnection(socket);
  });

  let election: NodeJS.Timeout | undefined;
  return {
    host,
    port: bound,
    connectionString: `esdb://${host}:${bound}?tls=false`,
    faults,
    cutConnections: cutAll,
    elect: (ms) => {
      electing = true;
      cutAll();
      clearTimeout(election);
      election = setTimeout(() => {
        electing = false;
      }, ms);
    },
    close: async () => {
      clearTimeout(election);
      const closed = once(listener, 'close');
      listener.close();
      cutAll();
      injector.destroy();
      server.forceShutdown();
      await closed;
    },
  };
}
