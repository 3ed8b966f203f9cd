import { describe, expect, onTestFinished, test } from 'vitest';
import { event, events } from '../contract/subject.ts';
import type { FlatAppends } from '../flatAppends.ts';
import { addAppend } from '../flatAppends.ts';
import type { EventToAppend } from '../journal.ts';
import { openForWriting } from './files.ts';
import { Incoming } from './incoming.ts';
import { temporaryDirectory } from './testing/directories.ts';
import { COMMIT_LIMITS, createWriter } from './writer.ts';

/** A writer, and how many appends each of its transactions answered until all were. */
function writing() {
  const log = openForWriting(temporaryDirectory());
  onTestFinished(() => log.close());
  const writer = createWriter(log.db);
  const commitAll = (appends: readonly (readonly EventToAppend[])[]): number[] => {
    const incoming = new Incoming(() => {});
    // Messages of three appends each, so that transactions end inside a message and begin with the rest of it.
    for (let i = 0; i < appends.length; i += 3) {
      const message: FlatAppends = [];
      for (const append of appends.slice(i, i + 3)) {
        addAppend(message, `account-${nextStream++}`, 'no_stream', append);
      }
      incoming.add(message);
    }
    const sizes: number[] = [];
    while (incoming.peek() !== undefined) sizes.push((writer.commit(incoming).length - 1) / 2);
    return sizes;
  };
  return { writer, commitAll };
}
let nextStream = 0;

const repeat = (count: number, append: () => readonly EventToAppend[]) => Array.from({ length: count }, append);

describe('one transaction', () => {
  test('holds so many events and not one more', () => {
    const { events: most } = COMMIT_LIMITS;
    expect(writing().commitAll(repeat(most, () => [event()]))).toEqual([most]);
    expect(writing().commitAll(repeat(most + 1, () => [event()]))).toEqual([most, 1]);
    expect(writing().commitAll(repeat(5, () => events(most / 2)))).toEqual([2, 2, 1]);
    expect(writing().commitAll([events(most / 2 + 1), events(most / 2), [event()]])).toEqual([1, 2]);
  });

  test('holds so much text and no more', () => {
    const { text: most } = COMMIT_LIMITS;
    const { id } = event();
    const sized = (text: number) => [
      event({ id, type: 'T', data: `"${'x'.repeat(text - id.length - 5)}"`, metadata: '{}' }),
    ];
    const part = most / 128;
    expect(writing().commitAll(repeat(128, () => sized(part)))).toEqual([128]);
    expect(writing().commitAll([...repeat(127, () => sized(part)), sized(part + 1)])).toEqual([127, 1]);
  });

  test('answers with the head of the log and, in the order of sending, positions and revisions', () => {
    const { writer } = writing();
    const incoming = new Incoming(() => {});
    const message: FlatAppends = [];
    const first = events(2);
    addAppend(message, 'account-a', 'no_stream', first);
    addAppend(message, 'account-b', 4, [event()]);
    addAppend(message, 'account-a', 1, [event()]);
    addAppend(message, 'account-a', 'no_stream', first);
    addAppend(message, 'account-a', 'no_stream', [event()]);
    incoming.add(message);
    expect([...writer.commit(incoming)]).toEqual([3, 2, 1, 0, -1, 3, 2, 2, 1, 0, 2]);
  });
});
