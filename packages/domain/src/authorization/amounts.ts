// amounts.ts: a message's amount in the account's currency, what the network settles for it, and the legs of both.

import type { CurrencyCode } from '@holdfast/money';
import { basisPointsOf } from '@holdfast/money';
import type { Change, Share } from '../events.ts';
import { invariant } from '../invariant.ts';
import { type Entry, move } from '../ledger/entry.ts';
import { type Conversion, convertBy } from '../programs/conversion.ts';
import type { Program } from '../programs/program.ts';
import { rateFor } from '../programs/rates.ts';
import type { Instant } from '../time.ts';
import type { NetworkMessage } from './message.ts';
import type { Flag } from './reasons.ts';

/** A sum in the account's currency, and how it came about. */
export type AccountAmount = {
  /** What the cardholder is charged, or gets; a mark-up is in it. */
  readonly minor: bigint;
  readonly feeMinor: bigint;
  /** Where the network had not billed in the account's currency. */
  readonly conversion?: Conversion;
};

/**
 * What an amount is converted for. A decision needs a rate that is valid now; a fact takes the newest, however old; money
 * for the cardholder (a credit) is charged no mark-up, and takes the newest rate too.
 */
export type ConvertedFor = 'decision' | 'fact' | 'credit' | 'credit decision';

/**
 * A message's amount in `currency`, the account's: as the network bills it, or by the program's rate table. Undefined when
 * there is no rate for it.
 */
export function accountAmount(
  { billing, amountMinor = 0n, currency: sent }: NetworkMessage,
  currency: CurrencyCode,
  program: Program,
  now: Instant,
  use: ConvertedFor,
): AccountAmount | undefined {
  if (billing !== undefined && billing.currency === currency) return { minor: billing.amountMinor, feeMinor: 0n };
  if (sent === currency) return { minor: amountMinor, feeMinor: 0n };
  const from = billing ?? { amountMinor, currency: sent };
  const found = rateFor(program, from.currency, currency, now);
  if (found === undefined || (!found.usable && use.endsWith('decision'))) return undefined;
  const baseMinor = convertBy(found, from.amountMinor, from.currency, currency);
  const markupBasisPoints = use.startsWith('credit') ? 0 : program.markupBasisPoints;
  const markupMinor = basisPointsOf(baseMinor, markupBasisPoints);
  const { rate, source, validFrom } = found;
  return {
    minor: baseMinor + markupMinor,
    feeMinor: markupMinor,
    conversion: {
      from: from.currency,
      to: currency,
      rate,
      ...(found.inverse ? { inverse: true } : {}),
      source,
      validFrom,
      baseMinor,
      markupBasisPoints,
      markupMinor,
      ...(found.usable ? {} : { stale: true }),
    },
  };
}

/** The field of an event that keeps how an amount was converted. */
export function converted(amount: AccountAmount | undefined): { readonly conversion?: Conversion } {
  return amount?.conversion === undefined ? {} : { conversion: amount.conversion };
}

export function rateFlags({ conversion }: AccountAmount): readonly Flag[] {
  return conversion?.stale ? ['stale_rate'] : [];
}

/** To hold `minor`, of which `feeMinor` is a mark-up: a leg of its own. */
export function hold(minor: bigint, feeMinor: bigint, currency: CurrencyCode): Entry {
  if (feeMinor === 0n) return move('available', 'held', minor, currency);
  return [...move('available', 'held', minor - feeMinor, currency), ...move('available', 'held', feeMinor, currency)];
}

/** What the network settles for a message: as it says, else what was converted, else the account amount. */
function settlementOf(message: NetworkMessage, { minor, conversion }: AccountAmount, currency: CurrencyCode) {
  const { settlement, billing, amountMinor = 0n, currency: sent } = message;
  if (settlement !== undefined) return { minor: settlement.amountMinor, currency: settlement.currency };
  if (conversion === undefined) return { minor, currency };
  return billing === undefined
    ? { minor: amountMinor, currency: sent }
    : { minor: billing.amountMinor, currency: billing.currency };
}

/**
 * Posts an amount to the cardholder's debit, its mark-up to fees, the rest to the network's settlement. Settled for
 * another sum or in another currency, both sides go against `fx`.
 */
export function settle(message: NetworkMessage, amount: AccountAmount, currency: CurrencyCode): Entry {
  const { network } = message;
  const { minor, feeMinor } = amount;
  const baseMinor = minor - feeMinor;
  const settled = settlementOf(message, amount, currency);
  const fee = feeMinor === 0n ? [] : move('available', 'fees', feeMinor, currency);
  if (settled.currency === currency && settled.minor === baseMinor) {
    return [...move('available', `settlement:${network}`, baseMinor, currency), ...fee];
  }
  return [
    ...move('available', 'fx', baseMinor, currency),
    ...move('fx', `settlement:${network}`, settled.minor, settled.currency),
    ...fee,
  ];
}

/** The other way round: what the cardholder gets, and the network pays. */
export function settleBack(message: NetworkMessage, amount: AccountAmount, currency: CurrencyCode): Entry {
  const { minor: accountMinor, feeMinor } = amount;
  const { minor: settledMinor, currency: settledCurrency } = settlementOf(message, amount, currency);
  return unsettle(message.network, { accountMinor, feeMinor, settledMinor, settledCurrency }, currency);
}

/** Undoes a share of what a message posted. */
export function unsettle(network: string, share: Omit<Share, 'amountMinor'>, currency: CurrencyCode): Entry {
  const { accountMinor, feeMinor, settledMinor, settledCurrency } = share;
  const baseMinor = accountMinor - feeMinor;
  const fee = feeMinor === 0n ? [] : move('fees', 'available', feeMinor, currency);
  if (settledCurrency === currency && settledMinor === baseMinor) {
    return [...move(`settlement:${network}`, 'available', baseMinor, currency), ...fee];
  }
  return [
    ...move(`settlement:${network}`, 'fx', settledMinor, settledCurrency),
    ...move('fx', 'available', baseMinor, currency),
    ...fee,
  ];
}

/** One entry for several: each ledger account once per currency, debits first, and none that comes to nothing. */
export function netted(...entries: readonly Entry[]): Entry {
  const sums = new Map<string, { readonly leg: Entry[number]; signed: bigint }>();
  for (const leg of entries.flat()) {
    const key = `${leg.account} ${leg.currency}`;
    const sum = sums.get(key) ?? { leg, signed: 0n };
    sum.signed += 'debitMinor' in leg ? leg.debitMinor : -leg.creditMinor;
    sums.set(key, sum);
  }
  const debits: Entry[number][] = [];
  const credits: Entry[number][] = [];
  for (const { leg, signed } of sums.values()) {
    const { account, currency } = leg;
    if (signed > 0n) debits.push({ account, currency, debitMinor: signed });
    else if (signed < 0n) credits.push({ account, currency, creditMinor: -signed });
  }
  return [...debits, ...credits];
}

/**
 * What cannot be brought to a cardholder: suspense against settlement, as the network settles or else bills it; for money
 * that the network gives back the other way round.
 */
export function suspend(message: NetworkMessage): Entry {
  const { type, network, settlement, billing, currency, amountMinor = 0n } = message;
  const { amountMinor: minor, currency: of } = settlement ?? billing ?? { amountMinor, currency };
  switch (type) {
    case 'clearing':
    case 'refund_reversal':
      return move('suspense', `settlement:${network}`, minor, of);
    case 'refund':
    case 'clearing_reversal':
      return move(`settlement:${network}`, 'suspense', minor, of);
    default:
      return [];
  }
}

/** The same change in both currencies. */
export function changeOf(
  name: keyof NonNullable<Change['totals']>,
  minor: bigint,
  accountMinor: bigint,
): Pick<Change, 'totals' | 'accountTotals'> {
  return { totals: { [name]: minor }, accountTotals: { [name]: accountMinor } };
}

export function currencyOf(account: {
  readonly opened: { readonly currency: CurrencyCode } | undefined;
}): CurrencyCode {
  invariant(account.opened !== undefined, 'an account that was not opened');
  return account.opened.currency;
}
