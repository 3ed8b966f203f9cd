import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validate } from '@holdfast/events';
import { openSqliteJournal, type StoredEvent } from '@holdfast/journal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shapeIssues } from './shape.ts';
import { EUR, logWriter, openTestAccount } from './testLog.ts';

let events: StoredEvent[];

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-shape-'));
  const journal = await openSqliteJournal({ directory });
  const { send, cardId } = await openTestAccount(logWriter(journal));
  const merchant = { id: 'M1', name: 'ACME', mcc: '5812', country: 'DE' };
  const common = { cardId, network: 'visa', currency: EUR, acquirerId: '400123', terminalId: 'T1' };
  const transmittedAt = '2026-03-01T12:00:00.000Z';
  await send({ type: 'authorization', ...common, amountMinor: 40_00n, merchant, stan: '1', transmittedAt });
  await send({ type: 'authorization', ...common, amountMinor: 9_999_00n, merchant, stan: '2', transmittedAt });
  const original = { type: 'authorization', stan: '1', transmittedAt, acquirerId: '400123' } as const;
  await send({ type: 'reversal', ...common, amountMinor: 5_00n, stan: '3', transmittedAt, original });
  await send({ type: 'clearing', ...common, amountMinor: 50_00n, merchant, stan: '4', transmittedAt, original });
  events = (await Array.fromAsync(journal.readAll())).flatMap((page) => page.events);
  await journal.close();
  await rm(directory, { recursive: true });
});

afterAll(() => {
  events = [];
});

/** What a field may be replaced with: each is wrong nearly everywhere. */
const WRONG: readonly unknown[] = [
  undefined,
  null,
  '',
  'x',
  '€'.repeat(1025),
  '😀'.repeat(600),
  -1,
  1.5,
  true,
  [],
  {},
  ['x'],
  '-0',
  '007',
];

/** Every variant of a JSON value with one field, at any depth, replaced or added. */
function* variants(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) for (const other of variants(item)) yield value.with(at, other);
    yield [...value, 'x'];
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      for (const wrong of WRONG) yield { ...value, [key]: wrong };
      for (const other of variants(item)) yield { ...value, [key]: other };
    }
    yield { ...value, extra: 1 };
  }
}

describe('the compiled checks', () => {
  test('let no event pass that zod refuses, but for the name of a currency', () => {
    let refused = 0;
    for (const stored of events) {
      expect(shapeIssues(stored)).toEqual([]);
      for (const part of ['data', 'metadata'] as const) {
        for (const variant of variants(JSON.parse(stored[part]))) {
          const changed = { ...stored, [part]: JSON.stringify(variant) };
          const issues = validate(changed);
          if (issues.every(({ field }) => field.endsWith('currency'))) continue;
          refused += 1;
          expect(shapeIssues(changed)).toEqual(issues);
        }
      }
    }
    expect(refused).toBeGreaterThan(3_000);
  });

  test.each([
    ['an unknown type', { type: 'Unheard', data: '{}', metadata: '{}' }],
    ['no JSON', { type: 'CardPaused', data: 'x', metadata: '{}' }],
    ['a list', { type: 'CardPaused', data: '[]', metadata: '[]' }],
  ])('leave %s to zod', (_, stored) => {
    expect(shapeIssues(stored)).toEqual(validate(stored));
    expect(shapeIssues(stored)).not.toEqual([]);
  });
});
