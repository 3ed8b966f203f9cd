// metrics.ts: what Prometheus scrapes: the process, HTTP durations by route, and counts that others keep.

import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** A number that somebody else keeps; it is read when Prometheus asks. */
export type Reading = {
  readonly name: string;
  readonly help: string;
  readonly read: () => number | Promise<number>;
};

export type MetricsOptions = {
  /** Only ever rise. By custom their names end in `_total`. */
  readonly counters?: readonly Reading[];
  readonly gauges?: readonly Reading[];
};

export type Metrics = {
  readonly contentType: string;
  text(): Promise<string>;
  /** Measures every route that is added to `app` from now on. */
  observe(app: FastifyInstance): void;
};

/** Seconds. A decision takes a disk flush: the buckets are dense where that is. */
const DURATION_BUCKETS = [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1, 2, 5];

export function createMetrics({ counters = [], gauges = [] }: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'From the first byte of a request to the last of its answer, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS,
    registers,
  });

  for (const { name, help, read } of counters) {
    const counter: Counter = new Counter({
      name,
      help,
      registers,
      async collect() {
        const value = await read();
        counter.reset();
        counter.inc(value);
      },
    });
  }
  for (const { name, help, read } of gauges) {
    const gauge: Gauge = new Gauge({ name, help, registers, collect: async () => gauge.set(await read()) });
  }

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observe(app) {
      app.addHook('onRoute', (route) => {
        const record = recorder(durations, String(route.method), route.url);
        const others = route.onResponse === undefined ? [] : [route.onResponse].flat();
        route.onResponse = [
          ...others,
          (_request, reply, done) => {
            record(reply.statusCode, reply.elapsedTime);
            done();
          },
        ];
      });
    },
  };
}

/** Keeps the labelled child of each status: finding it anew would cost more than recording. */
function recorder(durations: Histogram, method: string, route: string) {
  const children = new Map<number, Histogram.Internal<string>>();
  return (status: number, elapsedMs: number): void => {
    let child = children.get(status);
    if (child === undefined) {
      child = durations.labels(method, route, String(status));
      children.set(status, child);
    }
    child.observe(elapsedMs / 1_000);
  };
}
