// fields.ts: arbitraries for what many events are made of.

import type {
  Balances,
  Change,
  CommandId,
  ContentHash,
  Controls,
  Conversion,
  Entry,
  EventMetadata,
  LimitSeen,
  Share,
  SpendingChange,
  Taken,
} from '@holdfast/domain';
import {
  conflictId,
  expiryId,
  FLAGS,
  lateReleaseId,
  MAX_MARKUP_BASIS_POINTS,
  REASON_CODES,
  repeatId,
  suspenseStepId,
  TRANSACTION_STATUSES,
  transferStepId,
} from '@holdfast/domain';
import { allCurrencies, type CurrencyCode, isRate } from '@holdfast/money';
import fc from 'fast-check';
import { isoTime } from '../encode.ts';
import {
  accountId,
  apiKeyId,
  cardId,
  clearingFileId,
  commandIdOf,
  contentHashOf,
  correctionId,
  depositId,
  limitId,
  programId,
  transactionId,
  transferId,
  withdrawalId,
} from '../ids.ts';
import { unmatchedStream } from '../streams.ts';

/** A plain object of these fields, those in `optional` sometimes left out. */
export function object<Required, Optional = Record<never, never>>(
  required: { [K in keyof Required]: fc.Arbitrary<Required[K]> },
  optional?: { [K in keyof Optional]: fc.Arbitrary<Optional[K]> },
): fc.Arbitrary<Required & Partial<Optional>> {
  const model = { ...required, ...optional };
  const requiredKeys = Object.keys(required);
  // fast-check's own type of a record with optional keys does not reduce for a generic model.
  const record = fc.record<Record<string, unknown>>(model, { requiredKeys, noNullPrototype: true });
  return record as unknown as fc.Arbitrary<Required & Partial<Optional>>;
}

const seed = fc.string({ maxLength: 8 });
export const ids = {
  program: seed.map((each) => programId(each)),
  account: seed.map((each) => accountId(each)),
  card: seed.map((each) => cardId(each)),
  transaction: seed.map((each) => transactionId(each)),
  deposit: seed.map((each) => depositId(each)),
  withdrawal: seed.map((each) => withdrawalId(each)),
  transfer: seed.map((each) => transferId(each)),
  correction: seed.map((each) => correctionId(each)),
  limit: seed.map((each) => limitId(each)),
  apiKey: seed.map((each) => apiKeyId(each)),
  clearingFile: fc.tuple(seed, fc.nat()).map(([sender, sequence]) => clearingFileId(sender, sequence)),
};
export const commandId: fc.Arbitrary<CommandId> = seed.map((each) => commandIdOf(each));
export const contentHash: fc.Arbitrary<ContentHash> = seed.map((each) => contentHashOf(each));

/** Anything a string can be: quotes, backslashes, control characters, emoji, halves of surrogate pairs. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ minLength: 1, maxLength: 30 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
  fc.constantFrom('"', '\\', '\\"', '\u0000', '\u2028', '\ud800', '\udc00\ud800', '💳', 'null', '0n', '__proto__'),
);

const LARGEST = 2n ** 53n - 1n;
const edges = fc.constantFrom(0n, 1n, LARGEST);
export const minor: fc.Arbitrary<bigint> = fc.oneof(edges, fc.bigInt({ min: 0n, max: LARGEST }));
export const positiveMinor = minor.map((amount) => (amount === 0n ? 1n : amount));
export const signedMinor = fc.oneof(
  minor,
  minor.map((amount) => -amount),
);
export const currency: fc.Arbitrary<CurrencyCode> = fc.constantFrom(...allCurrencies().map(({ code }) => code));

/** Moments of the years 1970 to 2199. */
export const instant = fc.integer({ min: 0, max: Date.UTC(2200, 0) - 1 });
export const time = instant.map(isoTime);
/** Also of commands that follow from others. */
const anyCommandId: fc.Arbitrary<CommandId> = fc.oneof(
  commandId,
  fc.tuple(seed, seed).map(([a, b]) => conflictId(commandIdOf(a), contentHashOf(b))),
  commandId.map(repeatId),
  fc.tuple(seed, commandId).map(([each, decision]) => lateReleaseId(transactionId(each), decision)),
  fc.tuple(seed, instant).map(([each, at]) => expiryId(transactionId(each), at)),
  seed.map((each) => transferStepId(transferId(each), 'receive')),
  seed.map((each) => transferStepId(transferId(each), 'finish')),
  fc.tuple(seed, fc.nat()).map(([each, at]) => suspenseStepId(unmatchedStream(commandIdOf(each)), at)),
);
export const mcc = fc.nat(9999).map((each) => String(each).padStart(4, '0'));
export const expiry = fc
  .tuple(fc.integer({ min: 10, max: 99 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, month]) => `${year}${String(month).padStart(2, '0')}`);
export const flags = fc.subarray([...FLAGS]);
export const reasonCode = fc.constantFrom(...REASON_CODES);
export const reasons = fc.subarray([...REASON_CODES]);
export const status = fc.constantFrom(...TRANSACTION_STATUSES);
export const versions = object({ program: fc.nat() });

/** Two legs of one amount, once or in two currencies; or none. */
export const entry: fc.Arbitrary<Entry> = fc
  .array(
    fc.tuple(
      fc.constantFrom('available' as const, 'held' as const, 'bank' as const, 'fx' as const, 'suspense' as const),
      fc.constantFrom('settlement:visa' as const, 'settlement:mastercard' as const, 'fees' as const),
      positiveMinor,
      currency,
    ),
    { maxLength: 2 },
  )
  .map((moves) =>
    moves.flatMap(([debit, credit, amount, code]) => [
      { account: debit, currency: code, debitMinor: amount },
      { account: credit, currency: code, creditMinor: amount },
    ]),
  );

export const balances: fc.Arbitrary<Balances> = object({ availableMinor: signedMinor, heldMinor: minor });
export const moved = { entry, balances };
export const taken: fc.Arbitrary<Taken> = object({ openMinor: minor, openAccountMinor: minor, heldMinor: minor });

const totals = object(
  {},
  {
    requestedMinor: signedMinor,
    approvedMinor: signedMinor,
    openMinor: signedMinor,
    reversedMinor: signedMinor,
    clearedMinor: signedMinor,
    refundedMinor: signedMinor,
    pendingCreditMinor: signedMinor,
  },
);
export const change: fc.Arbitrary<Change> = object(
  {},
  { totals, accountTotals: totals, heldMinor: signedMinor, givenBackMinor: signedMinor },
);
export const share: fc.Arbitrary<Share> = object({
  amountMinor: minor,
  accountMinor: minor,
  feeMinor: minor,
  settledMinor: minor,
  settledCurrency: currency,
});
export const rate = fc.oneof(
  fc.constantFrom('1', '0.000000000001', '999999999999.999999999999'),
  fc.stringMatching(/^(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,12})?$/).filter(isRate),
);
export const basisPoints = fc.nat(MAX_MARKUP_BASIS_POINTS);
export const conversion: fc.Arbitrary<Conversion> = object(
  {
    from: currency,
    to: currency,
    rate,
    source: text,
    validFrom: time,
    baseMinor: minor,
    markupBasisPoints: basisPoints,
    markupMinor: minor,
  },
  { inverse: fc.constant(true as const), stale: fc.constant(true as const) },
);

export const spending: fc.Arbitrary<readonly SpendingChange[]> = fc.array(
  object({ at: time, amountMinor: signedMinor }),
  { maxLength: 3 },
);

export const limitsSeen: fc.Arbitrary<readonly LimitSeen[]> = fc.array(
  object(
    {
      limitId: ids.limit,
      scope: fc.constantFrom('card' as const, 'account' as const),
      amountMinor: minor,
      spentMinor: signedMinor,
    },
    { startsAt: time, endsAt: time },
  ),
  { maxLength: 3 },
);

const mccs = fc.array(mcc, { maxLength: 3 });
export const controls: fc.Arbitrary<Controls> = object({
  limits: fc.array(
    object({
      id: ids.limit,
      amountMinor: minor,
      window: fc.oneof(
        fc.constant({ kind: 'transaction' } as const),
        fc.constantFrom({ kind: 'day', timeZone: 'Europe/Berlin' } as const, { kind: 'day', timeZone: 'UTC' } as const),
      ),
    }),
    { maxLength: 3 },
  ),
  merchantCategories: object({ blocked: mccs, allowed: mccs }),
});

export const metadata: fc.Arbitrary<EventMetadata> = object(
  { occurredAt: instant, commandId: anyCommandId, correlationId: text, actor: text },
  { contentHash, causationId: text, programId: ids.program },
);
