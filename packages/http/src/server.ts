// server.ts: the Fastify instance that both HTTP services put their routes on: limits, errors, keys, logs.

import { randomBytes } from 'node:crypto';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { ApiKeyLookup, RefreshKeys } from './apiKey.ts';
import { clientErrorHandler } from './clientErrors.ts';
import { errorHandler } from './errorHandler.ts';
import type { Metrics } from './metrics.ts';
import { ApiError } from './problem.ts';
import { guardRoutes } from './routes.ts';
import { parseStrictJson } from './strictJson.ts';

/** Every limit of the HTTP edge. Times in milliseconds. */
export const HTTP_LIMITS = {
  bodyBytes: 64 * 1024,
  /** Request line and headers together. */
  headerBytes: 16 * 1024,
  headersTimeoutMs: 10_000,
  /** For the whole request to arrive. */
  requestTimeoutMs: 30_000,
  /** Nothing moves on a connection, in either direction. */
  idleConnectionMs: 120_000,
  keepAliveMs: 72_000,
  connections: 10_000,
  /** Of one path parameter; an id has at most 31 characters. */
  pathParameterLength: 100,
} as const;

export type HttpLimits = { readonly [Limit in keyof typeof HTTP_LIMITS]: number };

export type ServerOptions = {
  readonly logger: FastifyBaseLogger;
  readonly apiKey: ApiKeyLookup;
  /** Called before a key counts as unknown. Left out: every key is known here from the moment it is issued. */
  readonly refreshKeys?: RefreshKeys;
  /** Takes card numbers out of text. */
  readonly redact: (text: string) => string;
  readonly metrics?: Metrics;
  readonly limits?: Partial<HttpLimits>;
  /** A log line when a request comes and when it is answered. It costs more than the request: off by default. */
  readonly requestLog?: boolean;
};

export type Server = FastifyInstance;

/** A server without routes. Each route added to it must declare `config.roles`. It does not listen yet. */
export function buildServer(options: ServerOptions): Server {
  const limits: HttpLimits = { ...HTTP_LIMITS, ...options.limits };
  const requestLog = options.requestLog ?? false;
  const handleError = errorHandler({ redact: options.redact, bodyLimitBytes: limits.bodyBytes });

  const app = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: !requestLog }),
    // A child logger costs a microsecond a request. Without a line per request nobody needs one: errors name the id.
    childLoggerFactory: requestLog ? (logger, bindings) => logger.child(bindings) : (logger) => logger,
    genReqId: requestIds(),
    bodyLimit: limits.bodyBytes,
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: 1_000,
    },
    requestTimeout: limits.requestTimeoutMs,
    connectionTimeout: limits.idleConnectionMs,
    keepAliveTimeout: limits.keepAliveMs,
    routerOptions: { maxParamLength: limits.pathParameterLength },
    // While closing, what still comes in on an open connection is answered like before; shutdown.ts ends connections.
    return503OnClosing: false,
    clientErrorHandler: clientErrorHandler(limits.headerBytes),
    frameworkErrors: handleError,
  });
  app.server.maxConnections = limits.connections;
  app.setErrorHandler(handleError);
  acceptStrictJson(app);
  options.metrics?.observe(app);
  guardRoutes(app, options.apiKey, options.refreshKeys);
  return app;
}

/** Unique across processes and restarts: it becomes the correlation id of what the request writes. */
function requestIds(): () => string {
  const start = randomBytes(9).toString('base64url');
  let count = 0;
  return () => `${start}-${(++count).toString(36)}`;
}

function acceptStrictJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const contentType = request.headers['content-type'];
    if (contentType !== 'application/json' && !isUtf8Json(contentType))
      throw new ApiError('unsupported_media_type', { expected: 'application/json' });
    done(null, parseStrictJson(body));
  });
}

/** RFC 8259 knows no charset but UTF-8, which many clients name all the same. */
function isUtf8Json(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/json *(; *charset="?utf-8"? *)?$/i.test(contentType);
}
