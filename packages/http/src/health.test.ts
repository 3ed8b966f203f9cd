// health.test.ts: probes, and what Prometheus scrapes.

import { describe, expect, test } from 'vitest';
import { healthRoutes } from './health.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { buildServer } from './server.ts';

function serve(reasons: readonly string[] = [], degraded: readonly string[] = []) {
  let decisions = 0;
  const metrics = createMetrics({
    counters: [{ name: 'engine_decisions_total', help: 'Decisions made.', read: () => decisions }],
    gauges: [{ name: 'engine_accounts', help: 'Accounts in memory.', read: () => 3 }],
  });
  const redact = (text: string) => text;
  const logger = createLogger({ level: 'silent', name: 'test', redact });
  const app = buildServer({ logger, apiKey: () => undefined, redact, metrics });
  app.register(healthRoutes({ notReadyBecause: () => reasons, degradedBecause: () => degraded, metrics }));
  return { app, decide: () => decisions++ };
}

describe('probes', () => {
  test('a server that serves is alive and ready', async () => {
    const { app } = serve();
    expect((await app.inject('/health')).json()).toEqual({ status: 'ok' });
    expect((await app.inject('/ready')).json()).toEqual({ status: 'ready' });
  });

  test('one that does not yet is alive, and says why it is not ready', async () => {
    const { app } = serve(['the log is being read', 'projections are behind']);
    expect((await app.inject('/health')).statusCode).toBe(200);
    const answer = await app.inject('/ready');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({
      code: 'not_ready',
      detail: 'The server does not serve yet: the log is being read; projections are behind.',
      reasons: ['the log is being read', 'projections are behind'],
    });
  });
});

test('a server of which a part does not work is ready, and says so', async () => {
  const { app } = serve([], ['the read models stand still']);
  const answer = await app.inject('/ready');
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ status: 'degraded', reasons: ['the read models stand still'] });
});

describe('metrics', () => {
  test('have the process, durations by route and status, and the counts of others as they are now', async () => {
    const { app, decide } = serve(['starting']);
    await app.inject('/ready');
    await app.inject('/health');
    await app.inject('/health');
    decide();
    expect((await app.inject('/metrics')).body).toContain('engine_decisions_total 1\n');
    decide();
    const answer = await app.inject('/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    expect(answer.body).toContain('engine_decisions_total 2\n');
    expect(answer.body).toContain('engine_accounts 3\n');
    expect(answer.body).toContain('process_cpu_seconds_total');
    const count = (route: string, status: number) =>
      `http_request_duration_seconds_count{method="GET",route="${route}",status="${status}"}`;
    expect(answer.body).toContain(`${count('/health', 200)} 2\n`);
    expect(answer.body).toContain(`${count('/ready', 503)} 1\n`);
  });
});
