// sequences.ts: arbitrary sequences of what can happen to an account: hostile, out of order, twice, across days.

import { type CurrencyCode, currencyOf } from '@holdfast/money';
import fc from 'fast-check';
import type { MessageType, NetworkMessage } from '../authorization/message.ts';

const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'] as const;

/** In minor units of a currency, or of the account's. */
export type Sum = { readonly minor: bigint; readonly currency: string };

/** What a message says, as far as its kind says it, and how it is linked to an earlier one. */
export type Told = {
  readonly type: MessageType;
  readonly card: number;
  readonly network: string;
  readonly purchase: number;
  readonly link: 'network' | 'rrn' | 'original' | 'stan' | 'code' | 'nothing' | 'unknown';
  /** Which of the earlier messages: of those that its kind is usually about or, `wild`, of all. */
  readonly target: number;
  readonly wild: boolean;
  /** Sent that long before it comes. */
  readonly delayMs: number;
  readonly sum: Sum;
  readonly billed: Sum | undefined;
  readonly settled: Sum | undefined;
  readonly final: boolean;
  readonly how: 'all' | 'amount' | 'remaining';
  readonly arn: string;
  readonly mcc: string;
  readonly partial: boolean;
  readonly expiry: string | undefined;
  readonly refused: boolean;
};

/** Limits in minor units of the account's currency. */
export type Allowed = {
  readonly daily?: bigint;
  readonly zone?: string;
  readonly perTransaction?: bigint;
  readonly blocked?: readonly string[];
  readonly allowed?: readonly string[];
};

export type Happening =
  | ({ readonly kind: 'message' } & Told)
  | { readonly kind: 'again'; readonly target: number; readonly marked: boolean }
  | { readonly kind: 'twin'; readonly target: number }
  /** A reversal, and what it names after it. */
  | { readonly kind: 'early reversal'; readonly reversal: Told; readonly original: Told }
  /** Of a hold or a pending credit: asked for when it is due, or at once. */
  | {
      readonly kind: 'expiry';
      readonly what: 'hold' | 'credit';
      readonly target: number;
      readonly newest: boolean;
      readonly due: boolean;
    }
  | { readonly kind: 'late release'; readonly target: number; readonly newest: boolean }
  | {
      readonly kind: 'rate';
      readonly pair: string;
      readonly rate: string;
      readonly fromMs: number;
      readonly ms: number;
    }
  | { readonly kind: 'markup'; readonly basisPoints: number }
  | { readonly kind: 'hold expiry'; readonly group: 'lodging' | 'fuel' | 'other'; readonly days: number }
  | { readonly kind: 'deposit' | 'withdrawal' | 'credit line' | 'transfer in' | 'transfer out'; readonly minor: bigint }
  /** Of the oldest that is under way. */
  | { readonly kind: 'transfer end'; readonly refused: boolean }
  | { readonly kind: 'correction'; readonly direction: 'credit' | 'debit'; readonly minor: bigint }
  | { readonly kind: 'card'; readonly card: number; readonly does: 'pauseCard' | 'resumeCard' | 'closeCard' }
  | { readonly kind: 'account closed' }
  | { readonly kind: 'controls'; readonly card: number | undefined; readonly allows: Allowed }
  | { readonly kind: 'program'; readonly paused: boolean }
  | { readonly kind: 'wait'; readonly ms: number };

/** What happens to an account in this currency. */
export type Sequence = { readonly currency: CurrencyCode; readonly happenings: readonly Happening[] };

const of = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const kind = <K extends Happening['kind']>(name: K) => fc.constant(name);

const minor = fc.oneof(
  fc.constantFrom(4_000n, 2_500n, 10_000n, 1_000n, 0n, 1n, 2n),
  fc.bigInt({ min: 1n, max: 12_000n }),
);
const foreign = fc.constantFrom('EUR', 'EUR', 'JPY', 'KWD', 'USD');
const own = fc.constant('account');
const sumIn = (currency: fc.Arbitrary<string>): fc.Arbitrary<Sum> => fc.record({ minor, currency });
const rated = fc
  .record({ minor, currency: foreign, rate: fc.constantFrom(1n, 100n, 108n, 109n, 250n, 9_973n) })
  .map(({ minor, currency, rate }) => ({
    sum: { minor, currency },
    billed: { minor: (minor * rate) / 100n, currency: 'account' },
  }));
const amounts: fc.Arbitrary<Pick<Told, 'sum' | 'billed'>> = fc.oneof(
  of(8, fc.record({ sum: sumIn(own), billed: fc.constant(undefined) })),
  of(5, rated),
  of(3, fc.record({ sum: sumIn(foreign), billed: fc.constant(undefined) })),
  of(1, fc.record({ sum: sumIn(foreign), billed: sumIn(foreign) })),
);
const target = fc.nat(30);
const TYPES: readonly (readonly [number, MessageType])[] = [
  [9, 'authorization'],
  [8, 'clearing'],
  [5, 'reversal'],
  [2, 'reversal_advice'],
  [5, 'increment'],
  [3, 'increment_advice'],
  [5, 'authorization_advice'],
  [4, 'financial_authorization'],
  [4, 'clearing_reversal'],
  [3, 'refund_authorization'],
  [4, 'refund'],
  [2, 'refund_reversal'],
  [1, 'balance_inquiry'],
  [1, 'account_verification'],
];
const told: fc.Arbitrary<Told> = fc
  .record({
    type: fc.oneof(...TYPES.map(([weight, type]) => of(weight, fc.constant(type)))),
    card: fc.constantFrom(0, 0, 0, 1),
    network: fc.constantFrom('visa', 'visa', 'visa', 'visa', 'visa', 'mastercard'),
    purchase: fc.nat(2),
    link: fc.oneof(
      of(12, kindOfLink('network')),
      of(3, kindOfLink('rrn')),
      of(6, kindOfLink('original')),
      of(1, kindOfLink('stan')),
      of(1, kindOfLink('code')),
      of(1, kindOfLink('nothing')),
      of(1, kindOfLink('unknown')),
    ),
    target,
    wild: fc.constantFrom(false, false, true),
    delayMs: fc.constantFrom(0, 0, 0, 1, 60_000, 86_400_000),
    amounts,
    settled: fc.oneof(of(6, fc.constant(undefined)), of(1, sumIn(foreign)), of(1, sumIn(own))),
    final: fc.boolean(),
    how: fc.constantFrom('all', 'amount', 'remaining'),
    arn: fc.constantFrom('', '', 'a', 'b'),
    mcc: fc.constantFrom('5812', '5812', '5812', '7995', '5411', '7011', '5542'),
    partial: fc.boolean(),
    expiry: fc.oneof(of(20, fc.constant(undefined)), of(1, fc.constantFrom('2811', '2812'))),
    refused: fc.oneof(of(7, fc.constant(false)), of(1, fc.constant(true))),
  })
  .map(({ amounts, ...rest }) => ({ ...rest, ...amounts }));
const message = told.map((told) => ({ kind: 'message' as const, ...told }));
const ofType = (...types: MessageType[]) =>
  fc.record({ told, type: fc.constantFrom(...types) }).map(({ told, type }) => ({ ...told, type }));

function kindOfLink<K extends Told['link']>(link: K): fc.Arbitrary<K> {
  return fc.constant(link);
}

const limit = fc.constantFrom(0n, 1n, 2_500n, 4_000n, 10_000n);
const allows: fc.Arbitrary<Allowed> = fc.record(
  {
    daily: limit,
    zone: fc.constantFrom(...ZONES),
    perTransaction: limit,
    blocked: fc.constantFrom([], ['7995']),
    allowed: fc.constantFrom([], ['5812'], ['5812', '7995']),
  },
  { requiredKeys: [] },
);
const DAY = 86_400_000;

const happening: fc.Arbitrary<Happening> = fc.oneof(
  of(44, message),
  of(3, fc.record({ kind: kind('again'), target, marked: fc.boolean() })),
  of(1, fc.record({ kind: kind('twin'), target })),
  of(
    2,
    fc.record({
      kind: kind('early reversal'),
      reversal: ofType('reversal', 'reversal_advice'),
      original: ofType(
        'increment',
        'increment_advice',
        'refund_authorization',
        'financial_authorization',
        'authorization',
      ),
    }),
  ),
  of(
    3,
    fc.record({
      kind: kind('expiry'),
      what: fc.constantFrom('hold', 'hold', 'credit'),
      target,
      newest: fc.boolean(),
      due: fc.boolean(),
    }),
  ),
  of(3, fc.record({ kind: kind('late release'), target, newest: fc.boolean() })),
  of(
    4,
    fc.record({
      kind: kind('rate'),
      pair: fc.constantFrom('EUR/USD', 'USD/EUR', 'JPY/USD', 'USD/JPY', 'KWD/USD', 'KWD/EUR', 'EUR/JPY', 'JPY/KWD'),
      rate: fc.constantFrom('1.09', '0.0065', '163.27', '3', '0.333333', '12.5'),
      fromMs: fc.constantFrom(-7 * DAY, -3_600_000, 0, 0, 1, 3_600_000),
      ms: fc.constantFrom(1, 3_600_000, 2 * DAY, 60 * DAY),
    }),
  ),
  of(1, fc.record({ kind: kind('markup'), basisPoints: fc.constantFrom(0, 1, 150, 2_500) })),
  of(
    1,
    fc.record({
      kind: kind('hold expiry'),
      group: fc.constantFrom('lodging', 'fuel', 'other'),
      days: fc.constantFrom(1, 7, 30),
    }),
  ),
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
  of(1, fc.record({ kind: kind('account closed') })),
  of(2, fc.record({ kind: kind('controls'), card: fc.constantFrom(undefined, 0, 1), allows })),
  of(1, fc.record({ kind: kind('program'), paused: fc.constantFrom(false, false, true) })),
  of(
    6,
    fc.record({
      kind: kind('wait'),
      ms: fc.constantFrom(1, 4_000, 6_000, 3_600_000, 21_600_000, DAY, 7 * DAY),
    }),
  ),
);

/** What a kind of message is usually about. */
const ABOUT: Partial<Record<MessageType, RegExp>> = {
  reversal: /^(authorization|financial|increment|refund_authorization)/,
  reversal_advice: /^(authorization|financial|increment|refund_authorization)/,
  increment_advice: /^(authorization|increment)/,
  clearing_reversal: /^clearing$/,
  refund_reversal: /^refund$/,
};

/** A message that was sent, and the code that it got if it was approved. */
export type Sent<M extends NetworkMessage = NetworkMessage> = { readonly message: M; readonly code: string };

/** The link of a message to the one that it is about, of those sent so far. */
export function linkOf(
  { type, link, purchase, target, wild }: Told,
  earlier: readonly Sent[],
): Partial<NetworkMessage> {
  const about = wild ? /./ : (ABOUT[type] ?? /^(authorization|financial|refund_authorization)/);
  const usual = earlier.filter(({ message }) => about.test(message.type));
  const meant = usual[target % Math.max(usual.length, 1)];
  const networkTransactionId = `purchase ${purchase}`;
  const nobody = { type: 'authorization', stan: '999999', transmittedAt: '', acquirerId: '400123' } as const;
  if (link === 'nothing') return {};
  if (link === 'unknown') return { networkTransactionId, original: nobody };
  if (meant === undefined || link === 'network') return { networkTransactionId };
  const { stan = '', rrn = '', transmittedAt = '', acquirerId = '' } = meant.message;
  switch (link) {
    case 'rrn':
      return { rrn };
    case 'stan':
      return { networkTransactionId, stan };
    case 'code':
      return { networkTransactionId, authorizationCode: meant.code };
    case 'original':
      return { networkTransactionId, original: { type: meant.message.type, stan, transmittedAt, acquirerId } };
    default:
      return link satisfies never;
  }
}

/** Long enough that purchases meet again. */
export const sequences: fc.Arbitrary<Sequence> = fc.record({
  currency: fc.constantFrom('USD', 'USD', 'USD', 'EUR', 'JPY', 'KWD').map((code) => currencyOf(code).code),
  happenings: fc.array(happening, { minLength: 1, maxLength: 60, size: 'max' }),
});

export { ZONES };
