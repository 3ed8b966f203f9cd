// generator.ts: a process that sends authorizations over keep-alive connections, one at a time on each, as fast as they
// are answered. Raw sockets and ready-made bytes: it takes a fraction of the processor time of what it measures.

import { connect } from 'node:net';
import { percentile } from '../statistics.ts';
import { given, serve } from '../support/parent.ts';
import { cardAt } from '../support/world.ts';
import { createAnswerReader } from './answerReader.ts';
import { fill, type RequestTemplate, requestTemplate } from './requestBytes.ts';

export type GeneratorGiven = { readonly accounts: number };

export type Load = {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** Only the first so many cards. */
  readonly cards: number;
};

export type Loaded = {
  readonly answers: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
};

const { accounts } = given<GeneratorGiven>();
const templates = Array.from({ length: accounts }, (_, at) =>
  requestTemplate(cardAt(at), at % 2 === 0 ? 'id' : 'number'),
);
/** Numbers of no other run of the last days, with room for 10^8 of them. */
let count = (Date.now() % 10 ** 9) * 10 ** 6;

let now = 0;
const nowText = Buffer.alloc(24);

function clock(): Buffer {
  const at = Date.now();
  if (at !== now) {
    now = at;
    nowText.write(new Date(at).toISOString(), 'latin1');
  }
  return nowText;
}

async function run({ port, connections, seconds, cards }: Load): Promise<Loaded> {
  const latencies: number[] = [];
  const wrong: string[] = [];
  const begun = performance.now();
  const until = begun + seconds * 1_000;
  let ended = begun;

  function one(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const reader = createAnswerReader();
    const request = Buffer.alloc(2_048);
    let sentAt = 0;

    function send(): void {
      const template = templates[count % cards] as RequestTemplate;
      template.bytes.copy(request);
      fill(request, template, count++, clock());
      sentAt = performance.now();
      socket.write(request.subarray(0, template.bytes.length));
    }

    function onRead(bytes: number, buffer: Uint8Array): boolean {
      const outcome = reader.take((buffer as Buffer).toString('latin1', 0, bytes));
      if (outcome === 'waiting') return true;
      const at = performance.now();
      if (outcome === 'approved') latencies.push(at - sentAt);
      else wrong.push(outcome.wrong);
      if (at < until && wrong.length === 0) {
        send();
        return true;
      }
      ended = Math.max(ended, at);
      socket.end();
      resolve();
      return true;
    }

    const socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: { buffer: Buffer.alloc(16_384), callback: onRead },
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed a connection')));
    socket.on('connect', send);
    return promise;
  }

  await Promise.all(Array.from({ length: connections }, one));
  if (wrong.length > 0) throw new Error(`an authorization was not approved:\n${wrong[0]}`);
  const sorted = Float64Array.from(latencies).sort();
  return {
    answers: latencies.length,
    seconds: (ended - begun) / 1_000,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
  };
}

await serve(async () => ({ ready: {}, answer: run }));
