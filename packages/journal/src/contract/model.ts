// model.ts: random appends against the simplest log that could be right.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventToAppend, ExpectedRevision } from '../journal.ts';
import type { Current, Outcome } from './subject.ts';
import { event, outcomeOf, readAll, readStream, uniqueCategory } from './subject.ts';

/** The rules in as few words as they need, without positions. */
type ModelOutcome = { readonly revision: number } | Extract<Outcome, { refusedAt: unknown }>;

class Model {
  readonly streams = new Map<string, EventToAppend[]>();

  append(stream: string, expected: ExpectedRevision, events: readonly EventToAppend[]): ModelOutcome {
    const written = this.streams.get(stream) ?? [];
    const head = written.length - 1;
    const after = expected === 'no_stream' ? -1 : expected;
    if (after === head) {
      this.streams.set(stream, [...written, ...events]);
      return { revision: head + events.length };
    }
    const isRepeat = after < head && events.every((one, i) => one.id === written[after + 1 + i]?.id);
    return isRepeat ? { revision: after + events.length } : { refusedAt: head < 0 ? 'no_stream' : head };
  }
}

/** An append as the generator says it: relative to what the model holds when it is sent. */
type Try = {
  readonly stream: number;
  /** Added to the right revision: 0 is right, -1 stale by one … */
  readonly off: number;
  /** Ids: of slots behind the expected revision (a repeat), moved by `shift`, or new ones. */
  readonly repeat: boolean;
  readonly shift: number;
  readonly count: number;
};

const trying: fc.Arbitrary<Try> = fc.record({
  stream: fc.nat(2),
  off: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.integer({ min: -6, max: 2 }) }),
  repeat: fc.boolean(),
  shift: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
  count: fc.integer({ min: 1, max: 4 }),
});

/** A burst is sent without waiting; `reopen` closes the log and opens it again. */
const stepping = fc.oneof(
  { weight: 12, arbitrary: fc.array(trying, { minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constant('reopen' as const) },
);

export function modelContract(current: Current): void {
  test('any appends, sent in any bursts, do what the simplest log does', async () => {
    const seen = { written: 0, repeated: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(stepping, { maxLength: 12 }), async (steps) => {
        const category = uniqueCategory();
        const model = new Model();
        const start = await current.journal.head();
        for (const step of steps) {
          if (step === 'reopen') {
            await current.reopen();
            continue;
          }
          const outcomes = step.map((one) => send(one, category, model, current, seen));
          for (const { outcome, modelled } of outcomes) expect(await outcome).toMatchObject(modelled);
        }
        await compare(category, model, start, current);
      }),
      { numRuns: 60 },
    );
    // The generator reaches every branch, or this test proves little.
    expect(Math.min(seen.written, seen.repeated, seen.refused)).toBeGreaterThan(20);
  });
}

function send(one: Try, category: string, model: Model, current: Current, seen: Record<string, number>) {
  const stream = `${category}-${one.stream}`;
  const written = model.streams.get(stream) ?? [];
  const after = Math.max(-1, written.length - 1 + one.off);
  const expected = after < 0 ? 'no_stream' : after;
  const known = one.repeat ? written.slice(after + 1 + one.shift, after + 1 + one.shift + one.count) : [];
  const fresh = Array.from({ length: one.count - known.length }, () => event());
  const events = [...known.map(({ id }) => event({ id })), ...(known.length > 1 ? [] : fresh)];
  const modelled = model.append(stream, expected, events);
  const grew = (model.streams.get(stream)?.length ?? 0) > written.length;
  const kind = 'refusedAt' in modelled ? 'refused' : grew ? 'written' : 'repeated';
  seen[kind] = (seen[kind] ?? 0) + 1;
  return { modelled, outcome: outcomeOf(current.journal.append(stream, expected, events)) };
}

async function compare(category: string, model: Model, start: bigint, { reader }: Current): Promise<void> {
  for (const [stream, events] of model.streams) {
    const stored = await readStream(reader, stream);
    expect(stored).toMatchObject(events.map((one, revision) => ({ ...one, stream, revision })));
    expect(stored).toHaveLength(events.length);
    expect(await readStream(reader, stream, { direction: 'backwards' })).toEqual(stored.toReversed());
  }
  const all = await readAll(reader, { after: start, filter: { streamPrefixes: [`${category}-`] } });
  expect(all).toHaveLength([...model.streams.values()].flat().length);
  for (const stream of model.streams.keys()) {
    expect(all.filter((one) => one.stream === stream)).toEqual(await readStream(reader, stream));
  }
  expect(all.every(({ position }, i) => i === 0 || position > (all[i - 1]?.position ?? 0n))).toBe(true);
}
