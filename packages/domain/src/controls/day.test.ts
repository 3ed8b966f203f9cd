import { describe, expect, test } from 'vitest';
import { fromIso, toIso } from '../time.ts';
import { dayOf } from './day.ts';

describe('the local day', () => {
  test.each([
    // time zone, at, begins, hours, what is special
    ['UTC', '2026-03-29T00:00:00.000Z', '2026-03-29T00:00:00.000Z', 24, 'its first moment'],
    ['UTC', '2026-03-28T23:59:59.999Z', '2026-03-28T00:00:00.000Z', 24, 'its last moment'],
    ['Europe/Berlin', '2026-03-28T22:59:59.999Z', '2026-03-27T23:00:00.000Z', 24, 'the day before clocks go on'],
    ['Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-28T23:00:00.000Z', 23, 'clocks go on by an hour'],
    ['Europe/Berlin', '2026-03-29T21:59:59.999Z', '2026-03-28T23:00:00.000Z', 23, 'until its end'],
    ['Europe/Berlin', '2026-03-29T22:00:00.000Z', '2026-03-29T22:00:00.000Z', 24, 'the day after'],
    ['Europe/Berlin', '2026-10-25T12:00:00.000Z', '2026-10-24T22:00:00.000Z', 25, 'clocks go back by an hour'],
    ['America/New_York', '2026-03-08T12:00:00.000Z', '2026-03-08T05:00:00.000Z', 23, 'clocks go on'],
    ['America/New_York', '2026-11-01T12:00:00.000Z', '2026-11-01T04:00:00.000Z', 25, 'clocks go back'],
    ['Asia/Kathmandu', '2026-03-29T18:14:59.999Z', '2026-03-28T18:15:00.000Z', 24, '5 h 45 min ahead'],
    ['Asia/Kathmandu', '2026-03-29T18:15:00.000Z', '2026-03-29T18:15:00.000Z', 24, '5 h 45 min ahead'],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00.000Z', '2026-04-04T13:00:00.000Z', 24.5, 'back by half an hour'],
    ['Pacific/Apia', '2026-03-29T09:59:59.999Z', '2026-03-28T11:00:00.000Z', 24, '13 hours ahead'],
    ['Pacific/Apia', '2011-12-30T09:59:59.999Z', '2011-12-29T10:00:00.000Z', 24, 'the last day east of the date line'],
    ['Pacific/Apia', '2011-12-30T10:00:00.000Z', '2011-12-30T10:00:00.000Z', 24, 'the 31st: there was no 30th'],
    ['America/Santiago', '2026-09-06T12:00:00.000Z', '2026-09-06T04:00:00.000Z', 23, 'begins at one o’clock'],
    ['Antarctica/Troll', '2026-10-25T12:00:00.000Z', '2026-10-24T22:00:00.000Z', 26, 'clocks go back by two hours'],
    ['Antarctica/Casey', '2010-03-05T12:00:00.000Z', '2010-03-04T13:00:00.000Z', 27, 'clocks went back by three hours'],
  ])('of %s that holds %s begins at %s and has %d hours: %s', (timeZone, at, begins, hours) => {
    const { startsAt, endsAt } = dayOf(fromIso(at), timeZone);
    expect([toIso(startsAt), (endsAt - startsAt) / 3_600_000]).toEqual([begins, hours]);
  });

  test('is found whatever was asked before', () => {
    const moments = ['2026-03-28T23:00:00.000Z', '2026-03-28T22:59:59.999Z', '2026-03-29T22:00:00.000Z'];
    const days = moments.map((at) => toIso(dayOf(fromIso(at), 'Europe/Berlin').startsAt));
    expect(days).toEqual(['2026-03-28T23:00:00.000Z', '2026-03-27T23:00:00.000Z', '2026-03-29T22:00:00.000Z']);
  });

  test('of more zones than there are names is still found', () => {
    for (let minutes = 0; minutes < 1_439; minutes++) {
      const offset = `+${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
      expect(dayOf(0, offset).startsAt).toBe(0 - minutes * 60_000);
    }
  });
});
