// checkpoint.ts: how far the feed has come, in a file: for when the stream no longer keeps its last message.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export type Checkpoint = { readonly sequence: number; readonly position: bigint; readonly eventId: string };

/** Undefined when there is none, or none that can be read: it is a cache of what the stream itself says. */
export function readCheckpoint(file: string): Checkpoint | undefined {
  try {
    const { sequence, position, eventId } = JSON.parse(readFileSync(file, 'utf8'));
    if (!Number.isSafeInteger(sequence) || typeof eventId !== 'string') return undefined;
    return { sequence, position: BigInt(position), eventId };
  } catch {
    return undefined;
  }
}

/** Replaces the file as a whole. */
export function writeCheckpoint(file: string, { sequence, position, eventId }: Checkpoint): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.new`;
  writeFileSync(fresh, `${JSON.stringify({ sequence, position: position.toString(), eventId })}\n`, {
    mode: 0o600,
    flush: true,
  });
  renameSync(fresh, file);
}
