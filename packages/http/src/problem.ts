// problem.ts: an error as the API answers it: a problem document (RFC 9457) with a stable `code`.

import { detailOf, type ErrorCode, type ErrorParameters, errors } from './errors.ts';

/** A field at fault: a path such as `merchant.mcc` or `limits[0].amount`, and what is expected of it. Of a file, its line. */
export type FieldError = { readonly line?: number; readonly field: string; readonly message: string };

export type ErrorExtras = {
  readonly fields?: readonly FieldError[];
  /** So many of them are shown; 20 when left out. */
  readonly mostFields?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the document, such as `response_code`. */
  readonly members?: Readonly<Record<string, string | readonly string[]>>;
  /** What went wrong inside; it is logged, never answered. */
  readonly cause?: unknown;
};

export const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

const MAX_FIELDS = 20;
const MAX_FIELD_LENGTH = 100;

/** Thrown at the HTTP edge only, and turned into a problem document by the server's error handler. */
export class ApiError<Code extends ErrorCode = ErrorCode> extends Error {
  override name = 'ApiError';
  readonly code: Code;
  readonly extras: ErrorExtras;
  /** `parameters` fill the `{…}` of the detail; leave them out when there are none. */
  constructor(
    code: Code,
    ...[parameters, extras]: keyof ErrorParameters<Code> extends never
      ? [parameters?: Readonly<Record<string, never>>, extras?: ErrorExtras]
      : [parameters: ErrorParameters<Code>, extras?: ErrorExtras]
  ) {
    super(detailOf(code, parameters ?? {}));
    this.code = code;
    this.extras = extras ?? {};
  }
}

/** `invalid_request` or `invalid_message`: the detail sums up the first field, `errors` has them all (20 at most). */
export function invalid(code: 'invalid_request' | 'invalid_message', fields: readonly FieldError[]): ApiError {
  const first = fields[0];
  const what = first === undefined ? 'The request is not as expected' : `${cut(first.field)} ${first.message}`;
  return new ApiError(code, { what }, { fields });
}

/**
 * The document's text. `redact` takes card numbers out of it: the names of unknown fields come from the caller, and
 * somebody will put a number there.
 */
export function problemText(
  error: { readonly code: ErrorCode; readonly message: string; readonly extras: ErrorExtras },
  requestId: string | undefined,
  redact: (text: string) => string,
): string {
  const { status, title } = errors[error.code];
  const { fields, members, mostFields = MAX_FIELDS } = error.extras;
  return JSON.stringify({
    type: `urn:holdfast:error:${error.code}`,
    title,
    status,
    code: error.code,
    detail: redact(error.message),
    ...(fields === undefined
      ? {}
      : {
          errors: fields.slice(0, mostFields).map(({ line, field, message }) => ({
            ...(line === undefined ? {} : { line }),
            field: cut(redact(field)),
            message: redact(message),
          })),
        }),
    ...members,
    ...(requestId === undefined ? {} : { request_id: requestId }),
  });
}

function cut(field: string): string {
  return field.length > MAX_FIELD_LENGTH ? `${field.slice(0, MAX_FIELD_LENGTH)}…` : field;
}
