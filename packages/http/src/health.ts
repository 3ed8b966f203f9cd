// health.ts: is the process alive, does it serve, and what does it count.

import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';
import { ApiError } from './problem.ts';

export type HealthOptions = {
  /** Why the server does not serve yet or any more; empty when it does. */
  readonly notReadyBecause: () => readonly string[];
  /** What does not work although it serves: somebody must look, but nobody must send its traffic elsewhere. */
  readonly degradedBecause?: () => readonly string[];
  readonly metrics?: Metrics;
};

/** `/health`, `/ready` and, given metrics, `/metrics`: without a key, since probes and scrapers have none. */
export function healthRoutes({ notReadyBecause, degradedBecause = () => [], metrics }: HealthOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const config = { roles: 'public' } as const;

    app.get('/health', { config }, async () => ({ status: 'ok' }));

    app.get('/ready', { config }, async () => {
      const reasons = notReadyBecause();
      if (reasons.length > 0)
        throw new ApiError('not_ready', { reasons: reasons.join('; ') }, { members: { reasons } });
      const degraded = degradedBecause();
      return degraded.length === 0 ? { status: 'ready' } : { status: 'degraded', reasons: degraded };
    });

    if (metrics !== undefined) {
      app.get('/metrics', { config }, async (_request, reply) => {
        reply.header('content-type', metrics.contentType);
        return metrics.text();
      });
    }
  };
}
