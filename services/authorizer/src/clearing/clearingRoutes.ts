// clearingRoutes.ts: POST /v1/network/clearing_files: a whole file, checked, applied once, answered with its report; GET
// of what became of it.

import { Socket } from 'node:net';
import type { Instant } from '@holdfast/domain';
import type { Engine } from '@holdfast/engine';
import { CLEARING_FILE_LIMITS, isId } from '@holdfast/events';
import { ApiError, READERS, type Server } from '@holdfast/http';
import type { Vault } from '@holdfast/vault';
import { type Applying, applyClearingFile, throwApiError } from './apply.ts';
import { clearingFileJson, clearingFileJsonSchema } from './reportJson.ts';
import { openSpool } from './spool.ts';
import { takeClearingFile, tooLarge } from './take.ts';

/** Files that are taken at once. */
export const CLEARING_FILES_AT_ONCE = 4;

const NDJSON = 'application/x-ndjson';

export type ClearingRoutesOptions = {
  readonly engine: Applying['engine'] & Pick<Engine, 'clearingFile'>;
  readonly vault: Pick<Vault, 'fingerprint'>;
  readonly clock: { now(): Instant };
};

/** The plugin. What it accepts as a body is for its own route only. */
export function clearingRoutes({ engine, vault, clock }: ClearingRoutesOptions) {
  return async (app: Server): Promise<void> => {
    let underWay = 0;
    app.removeContentTypeParser('application/json');
    // Not read here: the route reads it line by line, within limits of its own.
    app.addContentTypeParser(NDJSON, (_request, payload, done) => done(null, payload));

    app.post<{ Body: AsyncIterable<Uint8Array> | undefined }>(
      '/v1/network/clearing_files',
      { config: { roles: ['network'], accepts: NDJSON }, schema: { response: { 200: clearingFileJsonSchema } } },
      async (request, reply) => {
        const { body } = request;
        if (body === undefined || body === null) throw new ApiError('unsupported_media_type', { expected: NDJSON });
        if (Number(request.headers['content-length'] ?? 0) > CLEARING_FILE_LIMITS.fileBytes) throw tooLarge();
        if (underWay === CLEARING_FILES_AT_ONCE) throw tooMany();
        underWay += 1;
        const spool = await openSpool();
        try {
          const facts = await takeClearingFile(body, spool, vault);
          stayOpen(request.raw.socket);
          const actor = request.caller?.apiKeyId ?? '';
          const applied = await applyClearingFile(facts, spool, { engine, clock, actor, correlationId: request.id });
          reply.header('holdfast-position', applied.position.toString());
          return clearingFileJson(applied);
        } finally {
          underWay -= 1;
          await spool.close();
        }
      },
    );

    app.get<{ Params: { id: string } }>(
      '/v1/network/clearing_files/:id',
      { config: { roles: ['network', ...READERS] }, schema: { response: { 200: clearingFileJsonSchema } } },
      async (request, reply) => {
        const { id } = request.params;
        const standing = isId('clf', id) ? await engine.clearingFile(id).catch(throwApiError) : undefined;
        if (standing === undefined) throw new ApiError('clearing_file_not_found');
        reply.header('holdfast-position', standing.position.toString());
        return clearingFileJson(standing);
      },
    );
  };
}

/** Until the answer, nothing may move on the connection for longer than it may be idle. A test may have no real one. */
function stayOpen(socket: unknown): void {
  if (socket instanceof Socket) socket.setTimeout(0);
}

function tooMany(): ApiError {
  return new ApiError(
    'too_many_clearing_files',
    { limit: CLEARING_FILES_AT_ONCE },
    { headers: { 'retry-after': '5', connection: 'close' } },
  );
}
