// readEvent.ts: one event of a stream from the log, where it is known to be.

import { type DomainEvent, InvariantBroken, type Recorded } from '@holdfast/domain';
import { decode } from '@holdfast/events';
import type { JournalReader, Position } from '@holdfast/journal';

/** Rejects with `InvariantBroken` when the stream does not reach so far, or with the journal's error. */
export async function readEvent<Event extends DomainEvent>(
  journal: JournalReader,
  stream: string,
  revision: number,
): Promise<{ readonly event: Recorded<Event>; readonly position: Position }> {
  for await (const page of journal.readStream(stream, { from: revision, limit: 1 })) {
    for (const stored of page) return { event: decode(stored) as Recorded<Event>, position: stored.position };
  }
  throw new InvariantBroken(`the log has no revision ${revision} of ${stream}`);
}
