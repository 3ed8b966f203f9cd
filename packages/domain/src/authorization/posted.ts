// posted.ts: what single messages posted to a cardholder, so that it can be posted back, or confirmed, in shares.

import type { CurrencyCode } from '@holdfast/money';
import { atLeastZero, proportionHalfUp } from '@holdfast/money';
import type { Share } from '../events.ts';
import { invariant } from '../invariant.ts';
import { type Entry, signedMinor } from '../ledger/entry.ts';

/** What is left of one message's posting: not posted back and, of a financial authorization, not confirmed by its clearing. */
export type Posted = Share & {
  /** Of the event that posted it. */
  readonly revision: number;
  readonly by: 'clearing' | 'financial_authorization';
  /** That of its message: a transaction may have messages of several. */
  readonly network: string;
  /** As the message said it. */
  readonly first: { readonly amountMinor: bigint; readonly currency: CurrencyCode };
};

/** The share of `posted` that `amountMinor` of what is left is: each sum half up, all of it when nothing stays. */
export function shareOf(posted: Share, amountMinor: bigint): Share {
  const { amountMinor: left, accountMinor, feeMinor, settledMinor, settledCurrency } = posted;
  invariant(amountMinor >= 0n && amountMinor <= left, `a share of ${amountMinor} in ${left}`);
  if (amountMinor === left) return { amountMinor, accountMinor, feeMinor, settledMinor, settledCurrency };
  return {
    amountMinor,
    accountMinor: proportionHalfUp(accountMinor, amountMinor, left),
    feeMinor: proportionHalfUp(feeMinor, amountMinor, left),
    settledMinor: proportionHalfUp(settledMinor, amountMinor, left),
    settledCurrency,
  };
}

/** What stays of `posted` without a share of it. A sum never falls below zero. */
export function without(posted: Posted, share: Share): Posted {
  return {
    ...posted,
    amountMinor: atLeastZero(posted.amountMinor - share.amountMinor),
    accountMinor: atLeastZero(posted.accountMinor - share.accountMinor),
    feeMinor: atLeastZero(posted.feeMinor - share.feeMinor),
    settledMinor: atLeastZero(posted.settledMinor - share.settledMinor),
  };
}

/**
 * What is left when the transaction takes another currency: its share, by account amount, of what then counts as posted
 * (`amountMinor`). Rounded half up, so the sum of all may be off by less than their number.
 */
export function restated(posted: readonly Posted[], amountMinor: bigint): readonly Posted[] {
  const accountMinor = posted.reduce((sum, each) => sum + each.accountMinor, 0n);
  if (accountMinor === 0n) return [];
  return posted
    .map((each) => ({ ...each, amountMinor: proportionHalfUp(amountMinor, each.accountMinor, accountMinor) }))
    .filter(isLeft);
}

/** Whether anything of it can still be posted back. */
export function isLeft({ amountMinor, accountMinor }: Share): boolean {
  return amountMinor > 0n || accountMinor > 0n;
}

/**
 * What an entry charged as a mark-up and what it settled, `confirmed` being what another entry had posted of the same
 * purchase before and this one took over.
 */
export function settledBy(
  entry: Entry,
  currency: CurrencyCode,
  confirmed: Share | undefined,
): Pick<Share, 'feeMinor' | 'settledMinor' | 'settledCurrency'> {
  let feeMinor = confirmed?.feeMinor ?? 0n;
  const settled = new Map<CurrencyCode, bigint>();
  if (confirmed !== undefined) settled.set(confirmed.settledCurrency, confirmed.settledMinor);
  for (const leg of entry) {
    if (leg.account === 'fees') feeMinor -= signedMinor(leg);
    if (!leg.account.startsWith('settlement:')) continue;
    settled.set(leg.currency, (settled.get(leg.currency) ?? 0n) - signedMinor(leg));
  }
  for (const [settledCurrency, settledMinor] of settled) {
    if (settledMinor !== 0n) return { feeMinor, settledMinor, settledCurrency };
  }
  return { feeMinor, settledMinor: 0n, settledCurrency: confirmed?.settledCurrency ?? currency };
}
