// take.ts: a clearing file from its first byte to its last: checked whole, its records spooled meanwhile.

import type { ClearingFileFacts } from '@holdfast/domain';
import { CLEARING_FILE_LIMITS, checkClearingFile, type FileFault, fileLines } from '@holdfast/events';
import { ApiError, NotStrictJson, readStrictJson } from '@holdfast/http';
import type { Vault } from '@holdfast/vault';
import { cardIdOf } from '../cardIdOf.ts';
import type { Spool } from './spool.ts';

/** Throws `ApiError` `invalid_clearing_file` with every fault and its line, or `body_too_large`. */
export async function takeClearingFile(
  body: AsyncIterable<Uint8Array>,
  spool: Spool,
  vault: Pick<Vault, 'fingerprint'>,
): Promise<ClearingFileFacts> {
  const check = checkClearingFile(strictJson);
  for await (const line of fileLines(limited(body, check))) {
    if (check.hopeless) continue;
    const record = check.line(line);
    if (record !== undefined) await spool.add(record, cardIdOf(record.wire, vault));
  }
  const checked = check.end();
  if ('faults' in checked) throw invalid(checked.faults);
  return checked.facts;
}

/** After so many faults the rest only comes in, to its end: an answer in the middle might not reach the sender. */
async function* limited(
  chunks: AsyncIterable<Uint8Array>,
  check: { readonly hopeless: boolean },
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > CLEARING_FILE_LIMITS.fileBytes) throw tooLarge();
    if (!check.hopeless) yield chunk;
  }
}

/** Whatever was sent, more may be coming: the connection ends with the answer. */
export function tooLarge(): ApiError {
  const limit = CLEARING_FILE_LIMITS.fileBytes;
  return new ApiError('body_too_large', { limit }, { headers: { connection: 'close' } });
}

function invalid(faults: readonly FileFault[]): ApiError {
  const fields = faults.map(({ line, field, message }) => ({ line, field: field || 'line', message }));
  const [first] = fields;
  const what = first === undefined ? 'it has faults' : `line ${first.line}: ${first.field} ${first.message}`;
  return new ApiError('invalid_clearing_file', { what }, { fields, mostFields: CLEARING_FILE_LIMITS.faults });
}

function strictJson(bytes: Buffer): unknown {
  try {
    return readStrictJson(bytes);
  } catch (error) {
    if (error instanceof NotStrictJson) throw new Error(`is not acceptable JSON: ${error.message}`);
    throw error;
  }
}
