// verifyShare.ts: one share of a log's accounts replayed and verified: all of them, or those of one thread.

import type { DomainEvent, Recorded } from '@holdfast/domain';
import { decode, type ParsedStream, parseEvent, parseStream, UndecodableEvent } from '@holdfast/events';
import { JournalCorrupt, type JournalReader, type Position, type StoredEvent } from '@holdfast/journal';
import type { Report } from './decideAgain.ts';
import { hashOf } from './hash.ts';
import { openLogReplay } from './logReplay.ts';
import type { LogPart } from './merge.ts';
import { collectProblems, SHOWN_PROBLEMS } from './problems.ts';
import { shapeIssues } from './shape.ts';
import { streamChecks } from './streamChecks.ts';
import { openTrialBalance } from './trialBalance.ts';
import type { VerifyOptions } from './verifyLog.ts';

/** The accounts whose streams fall to `at` of `of`. The first share has all other streams, and what spans accounts. */
export type Share = { readonly at: number; readonly of: number; readonly head: Position };

/** All invariants of all accounts are looked at after so many events, and at the end. */
const LOOK_AT_ALL_AFTER = 100_000;

type Stream = {
  /** Undefined: no stream of Holdfast has this name. */
  readonly parsed: ParsedStream | undefined;
  /** What the share does with its events: all, only what others need to know, only what spans accounts, or nothing. */
  readonly part: 'whole' | 'state' | 'across' | 'nothing';
};

export async function verifyShare(
  reader: JournalReader,
  { at: share, of, head }: Share,
  options: VerifyOptions = {},
): Promise<LogPart> {
  const problems = collectProblems(options.shownProblems ?? SHOWN_PROBLEMS);
  const checks = streamChecks(problems);
  const replay = openLogReplay(options.transactionsInMemory, share === 0);
  const trialBalance = openTrialBalance();
  const eventsByType: Record<string, number> = {};
  /** Each name is read once. */
  const streams = new Map<string, Stream>();
  let events = 0;
  let entries = 0;
  let position: Position = 0n;

  function streamOf(name: string): Stream {
    const known = streams.get(name);
    if (known !== undefined) return known;
    const parsed = parseStream(name);
    const stream = { parsed, part: partOf(name, parsed) };
    streams.set(name, stream);
    return stream;
  }

  function partOf(name: string, stream: ParsedStream | undefined): Stream['part'] {
    if (of === 1) return 'whole';
    if (stream?.category === 'account') {
      if (hashOf(name) % of === share) return 'whole';
      return share === 0 ? 'across' : 'nothing';
    }
    if (share === 0) return 'whole';
    return stream?.category === 'program' || stream?.category === 'card' ? 'state' : 'nothing';
  }

  function add(stored: StoredEvent): void {
    if (stored.position <= position && share === 0)
      problems.add(stored, 'position_order', `it stands after position ${position}`);
    position = stored.position;
    const { parsed: stream, part } = streamOf(stored.stream);
    if (part === 'whole') addWhole(stored, stream);
    else if (part === 'nothing' || stream === undefined) return;
    else if (part === 'state' || spansAccounts(stored)) addPart(stored, stream, part);
  }

  function addWhole(stored: StoredEvent, stream: ParsedStream | undefined): void {
    events += 1;
    eventsByType[stored.type] = (eventsByType[stored.type] ?? 0) + 1;
    if (stream === undefined) problems.add(stored, 'unknown_stream', 'no stream of Holdfast has this name');
    const { tail, gap } = checks.reach(stored);
    const event = read(stored);
    const occurredAt = event === undefined ? 0 : checks.check(stored, event, tail);
    const balanced = event !== undefined && post(stored, event);
    if (stream === undefined) return;
    if (event === undefined || gap || !balanced) replay.stop(stream);
    else replay.add(stream, at(event, occurredAt), (kind, what) => problems.add(stored, kind, what));
  }

  /** What is wrong with it in itself, its own share says. */
  function addPart(stored: StoredEvent, stream: ParsedStream, part: 'state' | 'across'): void {
    try {
      const event = decode(stored);
      if (part === 'state') replay.add(stream, event, SILENT);
      else replay.addToCross(stream, event, (kind, what) => problems.add(stored, kind, what));
    } catch (error) {
      if (!(error instanceof UndecodableEvent)) throw error;
    }
  }

  function read(stored: StoredEvent): Recorded<DomainEvent> | undefined {
    const parsed = parseEvent(stored);
    for (const { field, message } of shapeIssues(stored, parsed)) {
      problems.add(stored, 'invalid_event', `${field}: ${message}`);
    }
    try {
      return decode(stored, parsed);
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

  function lookAtAll(): void {
    replay.lookAtAll((stream, what) => {
      problems.add({ stream, revision: checks.lastRevision(stream), position }, 'broken_invariant', what);
    });
  }

  try {
    let looked = 0;
    for await (const page of reader.readAll({ upTo: head })) {
      for (const stored of page.events) add(stored);
      await checks.relieve(reader);
      if (events - looked >= LOOK_AT_ALL_AFTER) {
        lookAtAll();
        looked = events;
      }
      options.onProgress?.({ events, position: page.position, head });
    }
    await checks.finish(reader);
    lookAtAll();
  } catch (error) {
    if (!(error instanceof JournalCorrupt)) throw error;
    if (share === 0) problems.add({ stream: '', revision: 0, position }, 'log_unreadable', error.message);
  } finally {
    replay.close();
  }

  const { programs, ...counts } = replay.counts();
  return {
    events,
    streams: checks.streams,
    programs: share === 0 ? programs : 0,
    ...counts,
    entries,
    eventsByType,
    position,
    sums: trialBalance.sums(),
    expected: share === 0 ? replay.expected() : undefined,
    problemCount: problems.count,
    problemsByKind: problems.byKind,
    problems: problems.shown,
  };
}

const SILENT: Report = () => {};

/** Whether an account's event is a step between accounts, or puts something into suspense or takes it out. */
function spansAccounts({ type, data }: StoredEvent): boolean {
  return type.startsWith('Transfer') || type.startsWith('Suspense') || data.includes('"suspense"');
}

/** The event as if it had happened at `occurredAt`: replaying goes on after time ran back once. */
function at(event: Recorded<DomainEvent>, occurredAt: number): Recorded<DomainEvent> {
  if (event.metadata.occurredAt === occurredAt) return event;
  return { ...event, metadata: { ...event.metadata, occurredAt } };
}
