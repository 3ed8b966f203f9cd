export {
  type ApiKeyLookup,
  type Caller,
  newApiKey,
  READERS,
  type RefreshKeys,
  ROLES,
  type Role,
  secretHashOf,
} from './apiKey.ts';
export { ERROR_CODES, type ErrorCode, errors } from './errors.ts';
export { fieldPath, parseFields } from './fields.ts';
export { type HealthOptions, healthRoutes } from './health.ts';
export { IDEMPOTENCY_KEY_LENGTH, idempotencyKeyOf } from './idempotencyKey.ts';
export { createLogger, LOG_LEVELS, type LoggerOptions, type LogLevel } from './logger.ts';
export { createMetrics, type Metrics, type MetricsOptions, type Reading } from './metrics.ts';
export { ApiError, type ErrorExtras, type FieldError, invalid, PROBLEM_CONTENT_TYPE } from './problem.ts';
export { buildServer, HTTP_LIMITS, type HttpLimits, type Server, type ServerOptions } from './server.ts';
export { closeServer, onStopSignal, SHUTDOWN_WITHIN_MS } from './shutdown.ts';
export { MAX_JSON_DEPTH, NotStrictJson, parseStrictJson, readStrictJson } from './strictJson.ts';
