// verifyLog.ts: replays a log from its beginning, once, and reports all that does not hold.

import type { DomainEvent, Recorded } from '@holdfast/domain';
import { decode, parseStream, UndecodableEvent } from '@holdfast/events';
import { JournalCorrupt, type JournalReader, type Position, type StoredEvent } from '@holdfast/journal';
import { openLogReplay } from './logReplay.ts';
import { collectProblems, SHOWN_PROBLEMS } from './problems.ts';
import type { LogReport, Progress } from './report.ts';
import { shapeIssues } from './shape.ts';
import { streamChecks } from './streamChecks.ts';
import { openTrialBalance } from './trialBalance.ts';

export type VerifyOptions = {
  /** Called after each page. */
  readonly onProgress?: (progress: Progress) => void;
  /** How many problems the report holds in full; it counts all of them. Default 20. */
  readonly shownProblems?: number;
  /** How many transactions stay in memory; the others wait in a temporary file. Default 20,000. */
  readonly transactionsInMemory?: number;
};

/**
 * Verifies every event up to the head at the start. Memory grows with streams and cards, and by at most 32 bytes with a
 * command and 43 with a transaction, which waits in a temporary file. Rejects with `NoRoomToVerify` when that cannot be
 * written, or with the reader's error, unless that is a damaged log, which is a problem.
 */
export async function verifyLog(reader: JournalReader, options: VerifyOptions = {}): Promise<LogReport> {
  const problems = collectProblems(options.shownProblems ?? SHOWN_PROBLEMS);
  const checks = streamChecks(problems);
  const replay = openLogReplay(options.transactionsInMemory);
  const trialBalance = openTrialBalance();
  const eventsByType: Record<string, number> = {};
  const head = await reader.head();
  let events = 0;
  let entries = 0;
  let position: Position = 0n;

  function add(stored: StoredEvent): void {
    events += 1;
    eventsByType[stored.type] = (eventsByType[stored.type] ?? 0) + 1;
    if (stored.position <= position) problems.add(stored, 'position_order', `it stands after position ${position}`);
    position = stored.position;
    const stream = parseStream(stored.stream);
    if (stream === undefined) problems.add(stored, 'unknown_stream', 'no stream of Holdfast has this name');
    const { tail, gap } = checks.reach(stored);
    const event = read(stored);
    const occurredAt = event === undefined ? 0 : checks.check(stored, event, tail);
    const balanced = event !== undefined && post(stored, event);
    if (stream === undefined) return;
    if (event === undefined || gap || !balanced) replay.stop(stream);
    else replay.add(stream, at(event, occurredAt), (kind, what) => problems.add(stored, kind, what));
  }

  function read(stored: StoredEvent): Recorded<DomainEvent> | undefined {
    for (const { field, message } of shapeIssues(stored)) problems.add(stored, 'invalid_event', `${field}: ${message}`);
    try {
      return decode(stored);
    } catch (error) {
      if (!(error instanceof UndecodableEvent)) throw error;
      problems.add(stored, 'undecodable_event', error.message);
      return undefined;
    }
  }

  function post(stored: StoredEvent, { data }: Recorded<DomainEvent>): boolean {
    if (!('entry' in data) || data.entry.length === 0) return true;
    entries += 1;
    const off = trialBalance.post(data.entry);
    if (off === undefined) return true;
    problems.add(stored, 'unbalanced_entry', `its entry is off by ${off.offMinor} ${off.currency}`);
    return false;
  }

  /** What is under way, or waits for somebody, and nothing else. */
  function checkBetween(): void {
    const expected = replay.expected();
    for (const { currency, lines } of trialBalance.lines()) {
      for (const [name, kind] of [
        ['in_transit', 'wrong_transfer'],
        ['suspense', 'wrong_suspense'],
      ] as const) {
        const stands = lines.find(({ account }) => account === name)?.balanceMinor ?? 0n;
        const shouldMinor = expected[name].get(currency) ?? 0n;
        if (stands === shouldMinor) continue;
        const what = `${name} has ${stands} ${currency}, what is unfinished says ${shouldMinor}`;
        problems.add({ stream: '', revision: 0, position }, kind, what);
      }
    }
  }

  try {
    for await (const page of reader.readAll({ upTo: head })) {
      for (const stored of page.events) add(stored);
      await checks.relieve(reader);
      options.onProgress?.({ events, position: page.position, head });
    }
    await checks.finish(reader);
    replay.finish((stream, what) => {
      problems.add({ stream, revision: checks.lastRevision(stream), position }, 'broken_invariant', what);
    });
    checkBetween();
  } catch (error) {
    if (!(error instanceof JournalCorrupt)) throw error;
    problems.add({ stream: '', revision: 0, position }, 'log_unreadable', error.message);
  } finally {
    replay.close();
  }

  return {
    events,
    streams: checks.streams,
    ...replay.counts(),
    entries,
    eventsByType,
    position,
    trialBalance: trialBalance.lines(),
    problemCount: problems.count,
    problemsByKind: problems.byKind,
    problems: problems.shown,
  };
}

/** The event as if it had happened at `occurredAt`: replaying goes on after time ran back once. */
function at(event: Recorded<DomainEvent>, occurredAt: number): Recorded<DomainEvent> {
  if (event.metadata.occurredAt === occurredAt) return event;
  return { ...event, metadata: { ...event.metadata, occurredAt } };
}
