import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { decode } from './codec.ts';
import { UPCASTERS, upcast } from './upcasters.ts';
import { validate } from './validate.ts';
import { currentVersion, EVENT_TYPES } from './versions.ts';

const samples = new URL('../samples/', import.meta.url);
const sampleShape = z.strictObject({ type: z.string(), data: z.string(), metadata: z.string() });
const sampleOf = (name: string) => sampleShape.parse(JSON.parse(readFileSync(new URL(name, samples), 'utf8')));

/** Every version of every type that a log may still hold and that is not the newest. */
const oldVersions = EVENT_TYPES.flatMap((type) =>
  Array.from({ length: currentVersion(type) - 1 }, (_, at) => ({ type, version: at + 1 })),
);

test('there is an old version to read', () => {
  expect(oldVersions.length).toBeGreaterThan(0);
});

describe.each(oldVersions)('$type version $version', ({ type, version }) => {
  const name = `${type}.v${version}.json`;

  test('has an upcaster', () => {
    expect(UPCASTERS[type]?.[version]).toBeTypeOf('function');
  });

  test('has a stored sample, which is valid and decodes as the newest version', () => {
    expect(existsSync(new URL(name, samples))).toBe(true);
    const stored = sampleOf(name);
    expect(stored.type).toBe(type);
    expect(JSON.parse(stored.metadata)).toMatchObject({ schemaVersion: version });
    expect(validate(stored)).toEqual([]);
    expect(decode({ ...stored, revision: 0 }).type).toBe(type);
  });
});

test('there is no sample or upcaster of a version that is none', () => {
  const known = oldVersions.map(({ type, version }) => `${type}.v${version}.json`);
  expect(readdirSync(samples).toSorted()).toEqual(known.toSorted());
  const steps = Object.entries(UPCASTERS).flatMap(([type, all]) =>
    Object.keys(all).map((from) => `${type}.v${from}.json`),
  );
  expect(steps.toSorted()).toEqual(known.toSorted());
});

test('a program created before programs had a hold expiry keeps the 7 days that it had', () => {
  const decoded = decode({ ...sampleOf('ProgramCreated.v1.json'), revision: 0 });
  expect(decoded).toStrictEqual({
    type: 'ProgramCreated',
    data: { programId: 'prog_01h455vb4pex5vsknk084sn02q', name: 'Sandbox', holdExpiryDays: 7 },
    metadata: {
      occurredAt: Date.UTC(2026, 0, 15, 9, 30),
      commandId: 'ypeBEsobvcr6wjGzmiPcTQ',
      correlationId: 'req-1',
      actor: 'system',
      programId: 'prog_01h455vb4pex5vsknk084sn02q',
    },
    revision: 0,
  });
});

describe('upcasting', () => {
  const data = { programId: 'prog_01h455vb4pex5vsknk084sn02q', name: 'Sandbox', holdExpiryDays: 3 };

  test('leaves the newest version as it is', () => {
    expect(upcast('ProgramCreated', 2, data)).toBe(data);
  });

  test.each([0, 3, 99])('refuses version %i', (version) => {
    expect(() => upcast('ProgramCreated', version, data)).toThrow(RangeError);
  });
});
