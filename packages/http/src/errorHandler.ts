// errorHandler.ts: whatever goes wrong with a request becomes one of the errors of `errors.ts`.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { errors } from './errors.ts';
import { ApiError, PROBLEM_CONTENT_TYPE, problemText } from './problem.ts';

export type ErrorHandling = {
  readonly redact: (text: string) => string;
  readonly bodyLimitBytes: number;
};

/** Answers a failed request. What is not expected is logged, and its message stays in the log. */
export function errorHandler({ redact, bodyLimitBytes }: ErrorHandling) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const { accepts = 'application/json' } = request.routeOptions.config ?? {};
    const problem = knownError(error, bodyLimitBytes, accepts) ?? new ApiError('internal', {}, { cause: error });
    if (errors[problem.code].status === 500) {
      const err = problem.extras.cause ?? problem;
      request.log.error({ err, requestId: request.id, route: request.routeOptions.url }, 'request failed');
    }
    // Fastify closes the connection after any body error, since more may be coming. After ours all of it was read.
    if (problem.code === 'malformed_json') reply.removeHeader('connection');
    reply
      .code(errors[problem.code].status)
      .headers(problem.extras.headers ?? {})
      .header('content-type', PROBLEM_CONTENT_TYPE)
      .serializer(asIs)
      .send(problemText(problem, request.id, redact));
  };
}

function asIs(text: unknown): string {
  return String(text);
}

/** The error as one of ours, or undefined for one that only this server can be at fault for. */
function knownError(error: unknown, bodyLimitBytes: number, accepts: string): ApiError | undefined {
  if (error instanceof ApiError) return error;
  switch (codeOf(error)) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ApiError('body_too_large', { limit: bodyLimitBytes });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return new ApiError('unsupported_media_type', { expected: accepts });
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new ApiError('malformed_request', { what: 'the body is not as long as Content-Length says' });
    case 'FST_ERR_BAD_URL':
      return new ApiError('malformed_request', { what: 'the path has an escape that is no UTF-8' });
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new ApiError('not_found');
    case 'ECONNRESET':
    case 'ECONNABORTED':
      return new ApiError('malformed_request', { what: 'it ended before its body did' });
    default:
      return undefined;
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
