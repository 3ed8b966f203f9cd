// subscriptions.ts: catching up, live, and what happens between.

import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { JournalReader, Position, StoredEvent, Subscription, SubscriptionOptions } from '../journal.ts';
import type { Current } from './subject.ts';
import { event, events, readAll, uniqueCategory } from './subject.ts';

/** Follows a category and waits for what it was given. */
function follow(reader: JournalReader, category: string, options: Partial<SubscriptionOptions> = {}) {
  const received: StoredEvent[] = [];
  const positions: Position[] = [];
  const caughtUp: Position[] = [];
  let check = (): void => {};
  const subscription: Subscription = reader.subscribe({
    after: 0n,
    filter: { streamPrefixes: [category] },
    onCaughtUp: (position) => {
      caughtUp.push(position);
      check();
    },
    ...options,
    onPage: async (page) => {
      await options.onPage?.(page);
      received.push(...page.events);
      positions.push(page.position);
      check();
    },
  });
  const until = (condition: () => boolean): Promise<void> =>
    Promise.race([
      subscription.ended,
      new Promise<void>((resolve) => {
        check = () => condition() && resolve();
        check();
      }),
    ]);
  return { received, positions, caughtUp, subscription, until };
}

export function subscriptionsContract(current: Current): void {
  const append = (stream: string, from: number, count: number) =>
    current.journal.append(stream, from === 0 ? 'no_stream' : from - 1, events(count));

  describe('a subscription', () => {
    test('delivers what is there, says that it caught up, then delivers what comes', async () => {
      const category = uniqueCategory();
      await append(`${category}-1`, 0, 3);
      const { received, caughtUp, until, subscription } = follow(current.reader, category);
      await until(() => caughtUp.length > 0);
      expect(received).toHaveLength(3);
      const { position } = await append(`${category}-1`, 3, 2);
      await until(() => (caughtUp.at(-1) ?? 0n) >= position);
      expect(received.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4]);
      await subscription.close();
    });

    test('loses and doubles nothing while others append through the change from catching up to live', async () => {
      const category = uniqueCategory();
      const head = await current.journal.head();
      const WRITERS = 8;
      const EACH = 150;
      const writing = Promise.all(
        Array.from({ length: WRITERS }, async (_, w) => {
          for (let i = 0; i < EACH; i++) await append(`${category}-${w}`, i, 1);
        }),
      );
      const followers = Array.from({ length: 3 }, () => follow(current.reader, category, { after: head }));
      await writing;
      const written = await readAll(current.reader, { after: head, filter: { streamPrefixes: [category] } });
      expect(written).toHaveLength(WRITERS * EACH);
      for (const { received, positions, until, subscription } of followers) {
        await until(() => received.length >= WRITERS * EACH);
        await subscription.close();
        expect(received).toEqual(written);
        expect(positions.every((position, i) => i === 0 || position > (positions[i - 1] ?? 0n))).toBe(true);
      }
    });

    test('from the end delivers only what comes', async () => {
      const category = uniqueCategory();
      await append(`${category}-1`, 0, 3);
      const { received, caughtUp, until, subscription } = follow(current.reader, category, { after: 'end' });
      await until(() => caughtUp.length > 0);
      await append(`${category}-1`, 3, 1);
      await until(() => received.length > 0);
      expect(received.map(({ revision }) => revision)).toEqual([3]);
      await subscription.close();
    });

    test('begins strictly after its position', async () => {
      const category = uniqueCategory();
      const { position } = await append(`${category}-1`, 0, 3);
      await append(`${category}-1`, 3, 2);
      const { received, caughtUp, until, subscription } = follow(current.reader, category, { after: position });
      await until(() => caughtUp.length > 0);
      expect(received.map(({ revision }) => revision)).toEqual([3, 4]);
      await subscription.close();
    });

    test('moves on also where its filter lets nothing through', async () => {
      const category = uniqueCategory();
      const { caughtUp, positions, received, until, subscription } = follow(current.reader, category, { after: 'end' });
      await until(() => caughtUp.length > 0);
      // A server says how far it has looked only every so many events.
      const { position } = await append(`${uniqueCategory()}-1`, 0, 1);
      await append(`${uniqueCategory()}-1`, 0, 100);
      await until(() => (positions.at(-1) ?? 0n) >= position && (caughtUp.at(-1) ?? 0n) >= position);
      expect(received).toEqual([]);
      await subscription.close();
    });

    test('goes on after a restart from the position of its last page', async () => {
      const category = uniqueCategory();
      await append(`${category}-1`, 0, 400);
      const before = follow(current.reader, category);
      await before.until(() => before.received.length > 0);
      await before.subscription.close();
      await append(`${category}-1`, 400, 400);
      await current.reopen();
      const after = follow(current.reader, category, { after: before.positions.at(-1) ?? 0n });
      await append(`${category}-1`, 800, 5);
      await after.until(() => before.received.length + after.received.length >= 805);
      await after.subscription.close();
      expect([...before.received, ...after.received].map(({ revision }) => revision)).toEqual(
        Array.from({ length: 805 }, (_, i) => i),
      );
    });

    test('gives one page at a time and waits for it', async () => {
      const category = uniqueCategory();
      let running = 0;
      let most = 0;
      const onPage = async (): Promise<void> => {
        most = Math.max(most, ++running);
        await setTimeout(2);
        running--;
      };
      await append(`${category}-0`, 0, 500);
      const { received, caughtUp, until, subscription } = follow(current.reader, category, { onPage, after: 'end' });
      await until(() => caughtUp.length > 0);
      for (let i = 1; i <= 30; i++) await append(`${category}-${i}`, 0, 2);
      await until(() => received.length >= 60);
      await subscription.close();
      expect(most).toBe(1);
    });

    test('ends with the error that its page throws, and delivers no more', async () => {
      const category = uniqueCategory();
      await append(`${category}-1`, 0, 1);
      let pages = 0;
      const subscription = current.reader.subscribe({
        after: 0n,
        filter: { streamPrefixes: [category] },
        onPage: async (page) => {
          if (page.events.length === 0) return;
          pages++;
          throw new Error('cannot handle it');
        },
      });
      await expect(subscription.ended).rejects.toThrow('cannot handle it');
      await append(`${category}-1`, 1, 1);
      await subscription.close();
      expect(pages).toBe(1);
    });

    test('close waits for the running page, and none comes after it', async () => {
      const category = uniqueCategory();
      const entered = Promise.withResolvers<void>();
      const leave = Promise.withResolvers<void>();
      const steps: string[] = [];
      const listening = Promise.withResolvers<void>();
      const subscription = current.reader.subscribe({
        after: 'end',
        filter: { streamPrefixes: [category] },
        onCaughtUp: () => listening.resolve(),
        onPage: async (page) => {
          if (page.events.length === 0) return;
          steps.push('page begins');
          entered.resolve();
          await leave.promise;
          steps.push('page ends');
        },
      });
      await listening.promise;
      await append(`${category}-1`, 0, 1);
      await entered.promise;
      await append(`${category}-1`, 1, 1);
      const closing = subscription.close().then(() => steps.push('closed'));
      await setTimeout(5);
      leave.resolve();
      await closing;
      await expect(subscription.ended).resolves.toBeUndefined();
      expect(steps).toEqual(['page begins', 'page ends', 'closed']);
    });

    test('gives the next page when what it did on catching up is done', async () => {
      const category = uniqueCategory();
      const listening = Promise.withResolvers<void>();
      const leave = Promise.withResolvers<void>();
      const { received, until, subscription } = follow(current.reader, category, {
        after: 'end',
        onCaughtUp: () => {
          listening.resolve();
          return leave.promise;
        },
      });
      await listening.promise;
      for (let count = 0; count < 5; count++) await append(`${category}-1`, count, 1);
      await setTimeout(20);
      expect(received).toEqual([]);
      leave.resolve();
      await until(() => received.length === 5);
      await subscription.close();
    });

    test('ends without an error when the journal is closed', async () => {
      const { subscription, caughtUp, until } = follow(current.reader, uniqueCategory(), { after: 'end' });
      await until(() => caughtUp.length > 0);
      await current.reopen();
      await expect(subscription.ended).resolves.toBeUndefined();
    });

    test('from beyond the head waits until the log gets there', async () => {
      const category = uniqueCategory();
      const { position } = await append(`${category}-1`, 0, 1);
      const ahead = follow(current.reader, category, { after: position + 100_000n });
      await ahead.until(() => ahead.caughtUp.length > 0);
      await current.journal.append(`${category}-1`, 0, [event()]);
      const beside = follow(current.reader, category);
      await beside.until(() => beside.received.length >= 2);
      expect(ahead.received).toEqual([]);
      await Promise.all([ahead.subscription.close(), beside.subscription.close()]);
    });
  });
}
