// health.ts: is the process alive, does it serve, and what does it count.

import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';
import { ApiError } from './problem.ts';

export type HealthOptions = {
  /** Why the server does not serve yet or any more; empty when it does. */
  readonly notReadyBecause: () => readonly string[];
  readonly metrics?: Metrics;
};

/** `/health`, `/ready` and, given metrics, `/metrics`: without a key, since probes and scrapers have none. */
export function healthRoutes({ notReadyBecause, metrics }: HealthOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const config = { roles: 'public' } as const;

    app.get('/health', { config }, async () => ({ status: 'ok' }));

    app.get('/ready', { config }, async () => {
      const reasons = notReadyBecause();
      if (reasons.length === 0) return { status: 'ready' };
      throw new ApiError('not_ready', { reasons: reasons.join('; ') }, { members: { reasons } });
    });

    if (metrics !== undefined) {
      app.get('/metrics', { config }, async (_request, reply) => {
        reply.header('content-type', metrics.contentType);
        return metrics.text();
      });
    }
  };
}
