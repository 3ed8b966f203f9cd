// controlsJson.ts: the controls of a card or an account as JSON, amounts as decimal strings.

import type { Controls, LimitId, LimitWindow, SpendingLimit } from '@holdfast/domain';
import { decodeMinor, encodeMinor } from '@holdfast/money';

type StoredLimit = { readonly id: string; readonly amountMinor: string; readonly window: LimitWindow };
type StoredControls = {
  readonly limits: readonly StoredLimit[];
  readonly merchantCategories: Controls['merchantCategories'];
};

export function encodeControls({ limits, merchantCategories }: Controls): string {
  const stored: StoredControls = {
    limits: limits.map(({ id, amountMinor, window }) => ({ id, amountMinor: encodeMinor(amountMinor), window })),
    merchantCategories,
  };
  return JSON.stringify(stored);
}

/** Reads only what `encodeControls` wrote. */
export function decodeControls(text: string): Controls {
  const { limits, merchantCategories } = JSON.parse(text) as StoredControls;
  return { limits: limits.map(decodeLimit), merchantCategories };
}

function decodeLimit({ id, amountMinor, window }: StoredLimit): SpendingLimit {
  return { id: id as LimitId, amountMinor: decodeMinor(amountMinor), window };
}
