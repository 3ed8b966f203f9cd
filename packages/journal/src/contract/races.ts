// races.ts: many appends at once.

import { describe, expect, test } from 'vitest';
import type { Current } from './subject.ts';
import { event, events, outcomeOf, readAll, readStream, uniqueCategory, uniqueStream } from './subject.ts';

export function racesContract(current: Current): void {
  describe('appends at once', () => {
    test('of 60 that race to open one stream, one wins and the others learn where it is', async () => {
      const stream = uniqueStream();
      const racers = events(60);
      const outcomes = await Promise.all(
        racers.map((racer) => outcomeOf(current.journal.append(stream, 'no_stream', [racer]))),
      );
      const winners = racers.filter((_, i) => 'position' in (outcomes[i] ?? {}));
      expect(winners).toHaveLength(1);
      expect(outcomes.filter((outcome) => 'refusedAt' in outcome && outcome.refusedAt === 0)).toHaveLength(59);
      expect(await readStream(current.reader, stream)).toMatchObject(winners);
    });

    test('of 60 that race with the same event, all succeed and it is written once', async () => {
      const stream = uniqueStream();
      const same = event();
      const answers = await Promise.all(
        Array.from({ length: 60 }, () => current.journal.append(stream, 'no_stream', [same])),
      );
      expect(new Set(answers.map(({ position }) => position)).size).toBe(1);
      expect(await readStream(current.reader, stream)).toHaveLength(1);
    });

    test('5,000 that expect each other, sent without waiting, are written in order', async () => {
      const stream = uniqueStream();
      const all = events(5_000);
      const answers = await Promise.all(
        all.map((one, i) => current.journal.append(stream, i === 0 ? 'no_stream' : i - 1, [one])),
      );
      expect(answers.map(({ revision }) => revision)).toEqual(all.map((_, i) => i));
      const stored = await readStream(current.reader, stream);
      expect(stored.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
      expect(stored.map(({ position }) => position)).toEqual(answers.map(({ position }) => position));
    });

    test('a refused one fails alone among those that were sent with it', async () => {
      const category = uniqueCategory();
      const outcomes = await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          outcomeOf(current.journal.append(`${category}-${i}`, i === 20 ? 3 : 'no_stream', events(2))),
        ),
      );
      expect(outcomes.map((outcome) => ('refusedAt' in outcome ? outcome.refusedAt : outcome.revision))).toEqual(
        Array.from({ length: 40 }, (_, i) => (i === 20 ? 'no_stream' : 1)),
      );
      expect(await readStream(current.reader, `${category}-20`)).toEqual([]);
      expect(await readAll(current.reader, { filter: { streamPrefixes: [`${category}-`] } })).toHaveLength(78);
    });

    test('an append of many events is there as a whole or not at all, and in one piece', async () => {
      const category = uniqueCategory();
      const stream = `${category}-batches`;
      const batches = Array.from({ length: 20 }, () => events(50));
      await Promise.all([
        ...batches.map((batch, i) =>
          outcomeOf(current.journal.append(stream, i === 0 ? 'no_stream' : i * 50 - 1, batch)),
        ),
        ...batches.map((batch) => outcomeOf(current.journal.append(stream, 49, batch))),
        ...Array.from({ length: 100 }, (_, i) => current.journal.append(`${category}-${i}`, 'no_stream', [event()])),
      ]);
      const stored = await readStream(current.reader, stream);
      expect(stored.map(({ id }) => id)).toEqual(batches.flat().map(({ id }) => id));
      const all = await readAll(current.reader, { filter: { streamPrefixes: [`${category}-`] } });
      const places = all.flatMap((one, place) => (one.stream === stream ? [place] : []));
      batches.forEach((_, i) => {
        expect((places[i * 50 + 49] ?? 0) - (places[i * 50] ?? 0)).toBe(49);
      });
    });
  });
}
