// clientErrors.ts: answers what is not even HTTP: Node hands over the bare socket, and there is no request yet.

import type { Socket } from 'node:net';
import { errors } from './errors.ts';
import { ApiError, PROBLEM_CONTENT_TYPE, problemText } from './problem.ts';

/** Never logs the error: it carries the raw bytes, with whatever key or number stands in them. */
export function clientErrorHandler(headerLimitBytes: number) {
  return (error: { readonly code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const problem = problemFor(error.code, headerLimitBytes);
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const body = problemText(problem, undefined, (text) => text);
    const { status, title } = errors[problem.code];
    socket.end(
      `HTTP/1.1 ${status} ${title}\r\nContent-Type: ${PROBLEM_CONTENT_TYPE}\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  };
}

function problemFor(code: string | undefined, headerLimitBytes: number): ApiError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiError('request_timeout');
    case 'HPE_HEADER_OVERFLOW':
      return new ApiError('headers_too_large', { limit: headerLimitBytes });
    default:
      return new ApiError('malformed_request', { what: 'it breaks the syntax of HTTP/1.1' });
  }
}
