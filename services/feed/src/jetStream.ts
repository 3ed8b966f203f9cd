// jetStream.ts: the stream of NATS JetStream that the feed writes: what it must be like, where it stands, one more event.

import { readFileSync } from 'node:fs';
import {
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  DiscardPolicy,
  headers,
  type JetStreamClient,
  type JetStreamManager,
  type NatsConnection,
  NatsError,
  nanos,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from 'nats';
import { CLOUD_EVENT_CONTENT } from './cloudEvent.ts';

export type NatsOptions = {
  /** `nats://127.0.0.1:4222`, several with commas. */
  readonly servers: string;
  readonly user?: string;
  readonly password?: string;
  /** A file of credentials, as `nsc` writes it. */
  readonly credentialsFile?: string;
  /** A file of the certificates that are trusted. */
  readonly caFile?: string;
};

export type StreamOptions = {
  readonly name: string;
  /** What all subjects begin with. */
  readonly prefix: string;
  readonly replicas: number;
};

/** The stream is there and is another than it must be: nothing is published until somebody has looked. */
export class StreamDiffers extends Error {
  override name = 'StreamDiffers';
  readonly code = 'stream_differs';
}

/** Where a stream stands. */
export type Standing = {
  readonly sequence: number;
  /** Of the last message; undefined when there is none, or it is no longer kept. */
  readonly last?: { readonly eventId: string; readonly position: bigint };
};

export type Message = {
  readonly subject: string;
  readonly payload: string;
  readonly eventId: string;
  readonly position: bigint;
};

const NOT_FOUND = 404;
const DUPLICATE_WINDOW_MS = 120_000;
const POSITION = 'Holdfast-Position';
const ID = 'Nats-Msg-Id';
const PUBLISH_TIMEOUT_MS = 5_000;
const RECONNECT_MS = 250;

/** What must be as it is here; how long and how much is kept is the operator's. */
const FIXED = ['subjects', 'retention', 'discard', 'deny_delete', 'deny_purge'] as const;

/** Rejects when no server answers; once connected, it connects again by itself. */
export async function connectNats(options: NatsOptions): Promise<NatsConnection> {
  const { servers, user, password, credentialsFile, caFile } = options;
  const settings: ConnectionOptions = {
    servers: servers.split(',').map((server) => server.trim()),
    name: 'holdfast feed',
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { pass: password }),
    ...(credentialsFile === undefined ? {} : { authenticator: credsAuthenticator(readFileSync(credentialsFile)) }),
    ...(caFile === undefined ? {} : { tls: { caFile } }),
  };
  return connect(settings);
}

export class FeedStream {
  readonly #manager: JetStreamManager;
  readonly #client: JetStreamClient;
  readonly #options: StreamOptions;

  private constructor(manager: JetStreamManager, client: JetStreamClient, options: StreamOptions) {
    this.#manager = manager;
    this.#client = client;
    this.#options = options;
  }

  /** Creates the stream, or checks the one that is there. Rejects with `StreamDiffers`, or the error of the connection. */
  static async open(connection: NatsConnection, options: StreamOptions): Promise<FeedStream> {
    const manager = await connection.jetstreamManager();
    const wanted = configOf(options);
    try {
      const { config } = await manager.streams.info(options.name);
      const differences = FIXED.filter((field) => String(config[field]) !== String(wanted[field]));
      if (differences.length > 0) {
        const listed = differences.map(
          (field) => `${field} is ${String(config[field])}, must be ${String(wanted[field])}`,
        );
        throw new StreamDiffers(
          `the JetStream stream ${options.name} is not the feed's: ${listed.join('; ')}: name another one, or change it`,
        );
      }
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await manager.streams.add(wanted);
    }
    return new FeedStream(manager, connection.jetstream({ timeout: PUBLISH_TIMEOUT_MS }), options);
  }

  async standing(): Promise<Standing> {
    const { state } = await this.#manager.streams.info(this.#options.name);
    const sequence = state.last_seq;
    if (sequence === 0 || state.messages === 0) return { sequence };
    const { header } = await this.#manager.streams.getMessage(this.#options.name, { seq: sequence });
    const [eventId, position] = [header.get(ID), header.get(POSITION)];
    if (eventId === '' || !/^\d+$/.test(position)) {
      throw new StreamDiffers(`message ${sequence} of the JetStream stream ${this.#options.name} is not the feed's`);
    }
    return { sequence, last: { eventId, position: BigInt(position) } };
  }

  /**
   * Resolves when it is stored as the one after `sequence`. The server refuses it when the stream stands elsewhere, so that
   * nothing is doubled or out of order, however late an earlier try arrives.
   */
  async publish({ subject, payload, eventId, position }: Message, sequence: number): Promise<void> {
    const head = headers();
    head.set('Content-Type', CLOUD_EVENT_CONTENT);
    head.set(POSITION, position.toString());
    const { seq } = await this.#client.publish(subject, payload, {
      msgID: eventId,
      headers: head,
      expect: { streamName: this.#options.name, lastSequence: sequence },
    });
    if (seq !== sequence + 1) throw new Error(`event ${eventId} is message ${seq} already, not ${sequence + 1}`);
  }
}

function configOf({ name, prefix, replicas }: StreamOptions): Partial<StreamConfig> & { name: string } {
  return {
    name,
    subjects: [`${prefix}.>`],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    // A full stream stops the feed, which goes on when there is room: the oldest events are not given up silently.
    discard: DiscardPolicy.New,
    num_replicas: replicas,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
    deny_delete: true,
    deny_purge: true,
  };
}

function isNotFound(error: unknown): boolean {
  return error instanceof NatsError && error.api_error?.code === NOT_FOUND;
}
