// sequences.ts: arbitrary sequences of what can happen to an account: hostile, out of order, twice, across days.

import { type CurrencyCode, currencyOf } from '@holdfast/money';
import fc from 'fast-check';
import type { NetworkMessage } from '../authorization/message.ts';
import type { Allows } from './setting.ts';

const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'] as const;

/** An amount in transaction currency, and what the network bills for it (account currency, USD), if it says. */
export type Sum = { readonly minor: bigint; readonly currency: CurrencyCode; readonly billedMinor?: bigint };

/** What every message says, or how it is linked to another: by network transaction, by rrn, or by its original. */
type Common = {
  readonly card: number;
  readonly purchase: number;
  readonly link: 'network' | 'rrn' | 'original';
  readonly target: number;
  /** Sent that long before it comes. */
  readonly delayMs: number;
};

export type Happening =
  | ({ readonly kind: 'authorization'; readonly sum: Sum; readonly partial: boolean; readonly mcc: string } & Common)
  | ({ readonly kind: 'clearing'; readonly sum: Sum; readonly final: boolean; readonly arn: string } & Common)
  | ({
      readonly kind: 'reversal';
      readonly sum: Sum;
      readonly how: 'all' | 'amount' | 'remaining';
      readonly advice: boolean;
    } & Common)
  | { readonly kind: 'again'; readonly target: number; readonly marked: boolean }
  | { readonly kind: 'twin'; readonly target: number }
  /** Asked for when it is due, or at once. */
  | { readonly kind: 'expiry'; readonly target: number; readonly due: boolean }
  | { readonly kind: 'late release'; readonly target: number }
  | { readonly kind: 'deposit' | 'withdrawal' | 'credit line' | 'transfer in' | 'transfer out'; readonly minor: bigint }
  /** Of the oldest that is under way. */
  | { readonly kind: 'transfer end'; readonly refused: boolean }
  | { readonly kind: 'correction'; readonly direction: 'credit' | 'debit'; readonly minor: bigint }
  | { readonly kind: 'card'; readonly card: number; readonly does: 'pauseCard' | 'resumeCard' | 'closeCard' }
  | { readonly kind: 'controls'; readonly card: number | undefined; readonly allows: Allows }
  | { readonly kind: 'program'; readonly paused: boolean }
  | { readonly kind: 'wait'; readonly ms: number };

const USD = currencyOf('USD').code;
const minor = fc.oneof(
  fc.constantFrom(0n, 1n, 2n, 1_000n, 2_500n, 4_000n, 10_000n),
  fc.bigInt({ min: 0n, max: 12_000n }),
);
const sum: fc.Arbitrary<Sum> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ minor, currency: fc.constant(USD) }) },
  {
    weight: 3,
    arbitrary: fc
      .record({ minor, rate: fc.constantFrom(1n, 108n, 109n, 250n, 9_973n) })
      .map(({ minor, rate }) => ({ minor, currency: currencyOf('EUR').code, billedMinor: (minor * rate) / 100n })),
  },
  { weight: 1, arbitrary: fc.record({ minor, currency: fc.constant(currencyOf('JPY').code), billedMinor: minor }) },
  { weight: 1, arbitrary: fc.record({ minor, currency: fc.constant(currencyOf('GBP').code) }) },
);
const target = fc.nat(30);
const common = {
  card: fc.nat(1),
  purchase: fc.nat(2),
  link: fc.constantFrom('network', 'network', 'network', 'rrn', 'original'),
  target,
  delayMs: fc.constantFrom(0, 0, 0, 1, 60_000, 86_400_000),
} as const;
const amount = fc.constantFrom('0.00', '0.01', '25.00', '40.00', '100.00');
const allows: fc.Arbitrary<Allows> = fc.record(
  {
    daily: amount,
    zone: fc.constantFrom(...ZONES),
    perTransaction: amount,
    blocked: fc.constantFrom([], ['7995']),
    allowed: fc.constantFrom([], ['5812'], ['5812', '7995']),
  },
  { requiredKeys: [] },
);
const mcc = fc.constantFrom('5812', '5812', '5812', '7995', '5411');
const of = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const kind = <K extends Happening['kind']>(name: K) => fc.constant(name);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  of(9, fc.record({ kind: kind('authorization'), sum, partial: fc.boolean(), mcc, ...common })),
  of(6, fc.record({ kind: kind('clearing'), sum, final: fc.boolean(), arn: fc.constantFrom('', 'a', 'b'), ...common })),
  of(
    5,
    fc.record({
      kind: kind('reversal'),
      sum,
      how: fc.constantFrom('all', 'amount', 'remaining'),
      advice: fc.boolean(),
      ...common,
    }),
  ),
  of(3, fc.record({ kind: kind('again'), target, marked: fc.boolean() })),
  of(1, fc.record({ kind: kind('twin'), target })),
  of(3, fc.record({ kind: kind('expiry'), target, due: fc.boolean() })),
  of(1, fc.record({ kind: kind('late release'), target })),
  of(
    3,
    fc.record({
      kind: fc.constantFrom('deposit', 'withdrawal', 'credit line', 'transfer in', 'transfer out', 'transfer out'),
      minor: fc.bigInt({ min: 1n, max: 9_000n }),
    }),
  ),
  of(1, fc.record({ kind: kind('transfer end'), refused: fc.boolean() })),
  of(
    1,
    fc.record({
      kind: kind('correction'),
      direction: fc.constantFrom('credit', 'debit'),
      minor: fc.bigInt({ min: 1n, max: 9_000n }),
    }),
  ),
  of(
    1,
    fc.record({
      kind: kind('card'),
      card: fc.nat(1),
      does: fc.constantFrom('pauseCard', 'resumeCard', 'resumeCard', 'closeCard'),
    }),
  ),
  of(2, fc.record({ kind: kind('controls'), card: fc.constantFrom(undefined, 0, 1), allows })),
  of(1, fc.record({ kind: kind('program'), paused: fc.constantFrom(false, false, true) })),
  of(
    6,
    fc.record({
      kind: kind('wait'),
      ms: fc.constantFrom(1, 4_000, 6_000, 3_600_000, 21_600_000, 86_400_000, 604_800_000),
    }),
  ),
);

/** The link of a message to the one that it is about, `earlier` being those sent so far. */
export function linkOf(
  { link, purchase, target }: Common,
  earlier: readonly NetworkMessage[],
): Partial<Pick<NetworkMessage, 'networkTransactionId' | 'rrn' | 'original'>> {
  const networkTransactionId = `purchase ${purchase}`;
  const meant = earlier.length === 0 ? undefined : earlier[target % earlier.length];
  if (link === 'rrn' && meant?.rrn !== undefined) return { rrn: meant.rrn };
  if (link !== 'original' || meant === undefined) return { networkTransactionId };
  const { type, stan = '', transmittedAt = '', acquirerId = '' } = meant;
  return { networkTransactionId, original: { type, stan, transmittedAt, acquirerId } };
}

/** Long enough that purchases meet again. */
export const sequences = fc.array(happening, { minLength: 1, maxLength: 40, size: 'max' });

export { ZONES };
