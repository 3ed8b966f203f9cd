import type { ProgramEvent, ProgramId, Recorded } from '@holdfast/domain';
import { currencyOf } from '@holdfast/money';
import { expect, test } from 'vitest';
import { programVersions, VERSIONS_WITH_RATES } from './programVersions.ts';

const programId = 'prog_test' as ProgramId;
const [base, quote] = [currencyOf('EUR').code, currencyOf('USD').code];

function recorded(event: ProgramEvent, revision: number): Recorded<ProgramEvent> {
  const metadata = { occurredAt: revision, commandId: 'c', correlationId: '', actor: '' };
  return { ...event, metadata, revision } as Recorded<ProgramEvent>;
}

test('every version is kept, and the rates of the newest so many', () => {
  const versions = programVersions();
  versions.add(programId, recorded({ type: 'ProgramCreated', data: { programId, name: 'x', holdExpiryDays: 7 } }, 0));
  const valid = { validFrom: '2026-03-01T00:00:00.000Z', validUntil: '2026-03-02T00:00:00.000Z' };
  const newest = VERSIONS_WITH_RATES + 1;
  for (let revision = 1; revision <= newest; revision++) {
    const rates = [{ base, quote, rate: String(revision) }];
    versions.add(
      programId,
      recorded({ type: 'RatesPublished', data: { programId, source: 's', ...valid, rates } }, revision),
    );
  }
  const shown = (revision: number) => {
    const version = versions.at(programId, revision);
    return [version?.program.version, version?.hasRates, version?.program.rates['EUR/USD']?.[0]?.rate];
  };
  expect(shown(newest)).toEqual([newest, true, String(newest)]);
  expect(shown(newest - VERSIONS_WITH_RATES + 1)).toEqual([2, true, '2']);
  expect(shown(newest - VERSIONS_WITH_RATES)).toEqual([1, false, undefined]);
  expect(versions.at(programId, newest + 1)).toBeUndefined();
  expect(versions.size).toBe(1);
});
