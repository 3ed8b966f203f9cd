// clearingRecords.ts: applies the records of a clearing file, each as the network message that it is, some at a time.

import {
  type Answer,
  buildReport,
  type ClearingFileReport,
  type ClearingKind,
  type CommandId,
  type ContentHash,
  type DecidableMessage,
  type Instant,
  SECOND_MS,
} from '@holdfast/domain';
import type { Engine } from './engine.ts';
import { EngineUnavailable, StreamQuarantined } from './errors.ts';

export type ClearingRecord = {
  readonly line: number;
  readonly recordId: string;
  readonly message: Extract<DecidableMessage, { readonly type: ClearingKind }>;
  /** From the record's identity (`@holdfast/events`). */
  readonly commandId: CommandId;
  readonly contentHash: ContentHash;
};

export type ApplyingOptions = {
  readonly engine: Pick<Engine, 'submit' | 'accountOf'>;
  /** In the order of the file. */
  readonly records: AsyncIterable<ClearingRecord>;
  readonly clock: { now(): Instant };
  readonly actor: string;
  readonly correlationId: string;
};

/** `unapplied` counts the records of accounts that are set aside; the report is of the others. */
export type Applied = { readonly report: ClearingFileReport; readonly unapplied: number };

/** Records under way at once. */
const AT_ONCE = 256;

/** Nobody but the file's sender waits, and not for one record. */
const PATIENCE_MS = 600 * SECOND_MS;

/**
 * The records of one account follow each other in the order of the file, each after the answer to the one before: so what
 * was applied of an account before a crash is always its first part, and applying all again ends where one run would have.
 * Rejects with `EngineUnavailable` when some may not be applied: apply all again.
 */
export async function applyClearingRecords(options: ApplyingOptions): Promise<Applied> {
  const { engine, records, clock, actor, correlationId } = options;
  const builder = buildReport();
  const lanes = new Map<string, Promise<void>>();
  const slots = limitedTo(AT_ONCE);
  let failure: unknown;
  let unapplied = 0;

  async function apply({ line, recordId, message, commandId, contentHash }: ClearingRecord): Promise<void> {
    const answerBy = clock.now() + PATIENCE_MS;
    const answered = await engine.submit({ message, commandId, contentHash, answerBy, actor, correlationId });
    if (isUnanswered(answered.answer)) throw new EngineUnavailable('a record of the file got no answer in time');
    builder.add({ line, recordId, message, answer: answered.answer, accountCurrency: answered.accountCurrency });
  }

  async function applyAfter(before: Promise<void> | undefined, record: ClearingRecord): Promise<void> {
    await before;
    try {
      if (failure === undefined) await apply(record);
    } catch (error) {
      if (error instanceof StreamQuarantined) unapplied += 1;
      else failure ??= error;
    } finally {
      slots.free();
    }
  }

  for await (const record of records) {
    await slots.take();
    const { cardId } = record.message;
    const lane = await engine.accountOf(cardId).catch((error: unknown) => {
      failure ??= error;
      return undefined;
    });
    if (failure !== undefined) break;
    const key = lane ?? cardId;
    const done = applyAfter(lanes.get(key), record);
    lanes.set(key, done);
    void done.then(() => {
      if (lanes.get(key) === done) lanes.delete(key);
    });
  }
  await Promise.all(lanes.values());
  if (failure !== undefined) throw failure;
  return { report: builder.report(), unapplied };
}

/** Told 91: it may yet become durable, or not. */
function isUnanswered({ reason }: Answer): boolean {
  return reason === 'answered_late';
}

/** `take` waits while `most` are taken; who waits longest goes first. */
function limitedTo(most: number) {
  const waiting: (() => void)[] = [];
  let taken = 0;
  return {
    async take(): Promise<void> {
      if (taken === most) await new Promise<void>((resolve) => waiting.push(resolve));
      else taken += 1;
    },
    free(): void {
      const next = waiting.shift();
      if (next === undefined) taken -= 1;
      else next();
    },
  };
}
