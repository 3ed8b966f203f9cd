// entryJson.ts: a journal entry as JSON, amounts as decimal strings; an empty one is no text at all.

import type { Entry, LedgerAccount } from '@holdfast/domain';
import { type CurrencyCode, decodeMinor, encodeMinor } from '@holdfast/money';

type StoredLeg = readonly [account: LedgerAccount, currency: CurrencyCode, side: 'debit' | 'credit', minor: string];

export function encodeEntry(entry: Entry): string | null {
  if (entry.length === 0) return null;
  const legs = entry.map((leg): StoredLeg => {
    const { account, currency } = leg;
    return 'debitMinor' in leg
      ? [account, currency, 'debit', encodeMinor(leg.debitMinor)]
      : [account, currency, 'credit', encodeMinor(leg.creditMinor)];
  });
  return JSON.stringify(legs);
}

/** Reads only what `encodeEntry` wrote. */
export function decodeEntry(text: string): Entry {
  return (JSON.parse(text) as StoredLeg[]).map(([account, currency, side, minor]) =>
    side === 'debit'
      ? { account, currency, debitMinor: decodeMinor(minor) }
      : { account, currency, creditMinor: decodeMinor(minor) },
  );
}
