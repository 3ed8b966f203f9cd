// upcasters.ts: what turns the stored data of an old version into the next one, step by step up to the newest.

import type { StoredData } from './stored.ts';
import { currentVersion, type EventType } from './versions.ts';

type Upcaster = (data: StoredData) => StoredData;

/** `UPCASTERS[type][n]` turns version n into version n + 1. */
export const UPCASTERS: Readonly<Partial<Record<EventType, Readonly<Record<number, Upcaster>>>>> = {
  ProgramCreated: {
    // Before programs had a hold expiry of their own, every hold expired after 7 days.
    1: (data) => ({ ...data, holdExpiryDays: 7 }),
  },
};

/** The data in the newest version of its type. Throws `RangeError` for a version that is none, or newer than ours. */
export function upcast(type: EventType, version: number, data: StoredData): StoredData {
  const newest = currentVersion(type);
  if (version === newest) return data;
  if (version > newest) throw new RangeError(`schema version ${version} is newer than ${newest}: upgrade this release`);
  let upcasted = data;
  for (let from = version; from < newest; from += 1) {
    const step = UPCASTERS[type]?.[from];
    if (step === undefined) throw new RangeError(`schema version ${from} has no upcaster`);
    upcasted = step(upcasted);
  }
  return upcasted;
}
