// apply.ts: a clearing file that was checked whole: received, its records applied, its report recorded. Whatever of this
// was done before is not done again.

import type { ClearingFileFacts, ClearingKind, DecidableMessage, Instant } from '@holdfast/domain';
import {
  applyClearingRecords,
  type ClearingFileStanding,
  type ClearingRecord,
  type Engine,
  EngineUnavailable,
  StreamQuarantined,
} from '@holdfast/engine';
import { commandIdOf, contentHashOf, contentHashOfMessage, identityOfRecord, toNetworkMessage } from '@holdfast/events';
import { ApiError } from '@holdfast/http';
import type { Spool } from './spool.ts';

export type Applying = {
  readonly engine: Pick<Engine, 'submit' | 'accountOf' | 'execute' | 'clearingFile'>;
  readonly clock: { now(): Instant };
  readonly actor: string;
  readonly correlationId: string;
};

/** Throws `ApiError`: another file has its place, or not everything could be applied. */
export async function applyClearingFile(
  facts: ClearingFileFacts,
  spool: Spool,
  applying: Applying,
): Promise<ClearingFileStanding> {
  return apply(facts, spool, applying).catch(throwApiError);
}

/** What the engine rejects with, as the sender is told. */
export function throwApiError(error: unknown): never {
  if (error instanceof EngineUnavailable) {
    throw new ApiError('unavailable', {}, { headers: { 'retry-after': '1' }, cause: error });
  }
  if (error instanceof StreamQuarantined) throw new ApiError('quarantined', {}, { cause: error });
  throw error;
}

async function apply(facts: ClearingFileFacts, spool: Spool, applying: Applying): Promise<ClearingFileStanding> {
  const { engine, clock, actor, correlationId } = applying;
  const { clearingFileId, sha256 } = facts;
  const about = { contentHash: contentHashOf(sha256), actor, correlationId };
  // Each content is a command of its own, so that a repeat of either is told from the other.
  const commandId = commandIdOf('clearing_file', clearingFileId, sha256);
  const received = await engine.execute({ type: 'receiveClearingFile', facts }, { commandId, ...about });
  if (!received.done || received.event.type === 'ClearingFileRefused') throw new ApiError('clearing_file_conflict');

  const before = await engine.clearingFile(clearingFileId);
  if (before?.applied !== undefined) return before;
  const records = recordsOf(spool, facts);
  const { report, unapplied } = await applyClearingRecords({ engine, records, clock, actor, correlationId });
  if (unapplied > 0) throw new ApiError('clearing_file_incomplete', { unapplied });
  await engine.execute(
    { type: 'completeClearingFile', clearingFileId, report },
    { commandId: commandIdOf('clearing_file_applied', clearingFileId), ...about },
  );
  const applied = await engine.clearingFile(clearingFileId);
  if (applied?.applied === undefined) throw new Error('a clearing file was applied, and is not');
  return applied;
}

async function* recordsOf(spool: Spool, { sender, sequence }: ClearingFileFacts): AsyncGenerator<ClearingRecord> {
  for await (const { line, recordId, cardId, wire } of spool.records()) {
    const message = toNetworkMessage(wire, cardId);
    if (!isClearing(message)) throw new Error('a record of another kind was spooled');
    const { commandId } = identityOfRecord(sender, sequence, recordId);
    yield { line, recordId, message, commandId, contentHash: contentHashOfMessage(message) };
  }
}

function isClearing(message: DecidableMessage): message is Extract<DecidableMessage, { readonly type: ClearingKind }> {
  switch (message.type) {
    case 'clearing':
    case 'clearing_reversal':
    case 'refund':
    case 'refund_reversal':
      return true;
    default:
      return false;
  }
}
