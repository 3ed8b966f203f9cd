// rows.ts: the codec between rows and views. Integers come from SQLite as bigints, so no amount loses a digit.

import type { SQLOutputValue } from 'node:sqlite';
import type {
  Flag,
  HoldExpiryDays,
  Instant,
  MessageType,
  OriginalReference,
  ReasonCode,
  TransactionStatus,
  TransferRefusal,
} from '@holdfast/domain';
import { currencyOf } from '@holdfast/money';
import { decodeOutcome, decodeSums } from './clearingJson.ts';
import { decodeControls } from './controlsJson.ts';
import { decodeEntry } from './entryJson.ts';
import type {
  AccountView,
  CardView,
  ClearingFileView,
  PairRatesView,
  ProgramView,
  StandingView,
  SuspenseView,
  TransactionMessageView,
  TransactionView,
  TransferView,
  UnappliedView,
} from './queries.ts';
import { decodeRates } from './ratesJson.ts';

export type Row = Record<string, SQLOutputValue>;

export function toProgram(row: Row): ProgramView {
  return {
    id: text(row.id),
    name: text(row.name),
    status: text(row.status) as ProgramView['status'],
    holdExpiry: JSON.parse(text(row.hold_expiry)) as HoldExpiryDays,
    markupBasisPoints: Number(integer(row.markup_basis_points)),
    createdAt: instant(row.created_at),
  };
}

export function toPairRates(row: Row): PairRatesView {
  return {
    base: currencyOf(text(row.base)).code,
    quote: currencyOf(text(row.quote)).code,
    rates: decodeRates(text(row.published)),
  };
}

export function toAccount(row: Row): AccountView {
  return {
    id: text(row.id),
    programId: text(row.program_id),
    currency: text(row.currency),
    ...optional('name', row.name),
    status: text(row.status) as AccountView['status'],
    balances: { availableMinor: integer(row.available_minor), heldMinor: integer(row.held_minor) },
    pendingCreditMinor: integer(row.pending_credit_minor),
    creditLineMinor: integer(row.credit_line_minor),
    controls: decodeControls(text(row.controls)),
    createdAt: instant(row.created_at),
  };
}

export function toStanding(row: Row): StandingView {
  return {
    balances: { availableMinor: integer(row.available_minor), heldMinor: integer(row.held_minor) },
    creditLineMinor: integer(row.credit_line_minor),
    pendingCreditMinor: integer(row.pending_credit_minor),
    occurredAt: instant(row.occurred_at),
    position: integer(row.position),
  };
}

export function toCard(row: Row): CardView {
  return {
    id: text(row.id),
    accountId: text(row.account_id),
    programId: text(row.program_id),
    kind: text(row.kind) as CardView['kind'],
    status: text(row.status) as CardView['status'],
    bin: text(row.bin),
    last4: text(row.last4),
    expiry: text(row.expiry),
    ...optional('label', row.label),
    controls: decodeControls(text(row.controls)),
    createdAt: instant(row.created_at),
  };
}

/** The row of a transaction with `account_currency` of its account. */
export function toTransaction(row: Row): TransactionView {
  return {
    id: text(row.id),
    accountId: text(row.account_id),
    cardId: text(row.card_id),
    status: text(row.status) as TransactionStatus,
    network: text(row.network),
    ...optional('networkTransactionId', row.network_transaction_id),
    currency: text(row.currency),
    accountCurrency: text(row.account_currency),
    amounts: {
      requestedMinor: integer(row.requested_minor),
      approvedMinor: integer(row.approved_minor),
      openMinor: integer(row.open_minor),
      reversedMinor: integer(row.reversed_minor),
      clearedMinor: integer(row.cleared_minor),
      refundedMinor: integer(row.refunded_minor),
      pendingCreditMinor: integer(row.pending_credit_minor),
    },
    accountAmounts: {
      requestedMinor: integer(row.requested_account_minor),
      approvedMinor: integer(row.approved_account_minor),
      openMinor: integer(row.open_account_minor),
      heldMinor: integer(row.held_minor),
      reversedMinor: integer(row.reversed_account_minor),
      clearedMinor: integer(row.cleared_account_minor),
      refundedMinor: integer(row.refunded_account_minor),
      pendingCreditMinor: integer(row.pending_credit_account_minor),
    },
    ...merchant(row),
    ...optional('authorizationCode', row.authorization_code),
    ...reason(row),
    reasons: words<ReasonCode>(row.reasons),
    flags: words<Flag>(row.flags),
    createdAt: instant(row.created_at),
    updatedAt: instant(row.updated_at),
    ...(row.expires_at === null ? undefined : { expiresAt: instant(row.expires_at) }),
    ...(row.credit_expires_at === null ? undefined : { creditExpiresAt: instant(row.credit_expires_at) }),
  };
}

export function toSuspense(row: Row): SuspenseView {
  return {
    stream: text(row.stream),
    revision: Number(integer(row.revision)),
    ...optional('accountId', row.account_id),
    side: text(row.side) as SuspenseView['side'],
    amountMinor: integer(row.amount_minor),
    currency: text(row.currency),
    ...optional('messageType', row.message_type),
    ...optional('network', row.network),
    ...optional('cardId', row.card_id),
    status: text(row.status) as SuspenseView['status'],
    ...(row.resolved_to === null
      ? undefined
      : { resolvedTo: text(row.resolved_to) as NonNullable<SuspenseView['resolvedTo']> }),
    ...optional('toAccountId', row.to_account_id),
    ...optional('reason', row.reason),
    createdAt: instant(row.created_at),
  };
}

export function toClearingFile(row: Row): ClearingFileView {
  return {
    id: text(row.id),
    sender: text(row.sender),
    sequence: Number(integer(row.sequence)),
    businessDate: text(row.business_date),
    sha256: text(row.sha256),
    records: Number(integer(row.records)),
    sums: decodeSums(text(row.sums)),
    status: text(row.status) as ClearingFileView['status'],
    ...(row.outcome === null ? undefined : { outcome: decodeOutcome(text(row.outcome)) }),
    refusals: Number(integer(row.refusals)),
    receivedAt: instant(row.received_at),
    ...(row.applied_at === null ? undefined : { appliedAt: instant(row.applied_at) }),
  };
}

/** `now` says whether one that waits in the row has waited long enough. */
export function toUnapplied(row: Row, now: Instant): UnappliedView {
  const parkedUntil = row.parked_until === null ? undefined : instant(row.parked_until);
  const overdue = text(row.status) === 'waiting' && parkedUntil !== undefined && parkedUntil <= now;
  const endedAt = row.ended_at === null ? undefined : instant(row.ended_at);
  return {
    stream: text(row.stream),
    revision: Number(integer(row.revision)),
    ...optional('accountId', row.account_id),
    ...optional('programId', row.program_id),
    cardId: text(row.card_id),
    messageType: text(row.message_type) as MessageType,
    network: text(row.network),
    ...optional('networkTransactionId', row.network_transaction_id),
    ...optional('rrn', row.rrn),
    ...(row.original === null ? undefined : { original: JSON.parse(text(row.original)) as OriginalReference }),
    ...(row.amount_minor === null ? undefined : { amountMinor: integer(row.amount_minor) }),
    ...(row.remaining_minor === null ? undefined : { remainingAmountMinor: integer(row.remaining_minor) }),
    currency: text(row.currency),
    reason: text(row.reason) as UnappliedView['reason'],
    status: overdue ? 'let_go' : (text(row.status) as UnappliedView['status']),
    ...optional('transactionId', row.transaction_id),
    createdAt: instant(row.created_at),
    ...(parkedUntil === undefined ? undefined : { parkedUntil }),
    ...(overdue ? { endedAt: parkedUntil } : endedAt === undefined ? undefined : { endedAt }),
  };
}

export function toTransfer(row: Row): TransferView {
  return {
    id: text(row.id),
    accountId: text(row.account_id),
    targetId: text(row.target_id),
    currency: text(row.currency),
    amountMinor: integer(row.amount_minor),
    ...optional('reference', row.reference),
    status: text(row.status) as TransferView['status'],
    ...(row.reason === null ? undefined : { reason: text(row.reason) as TransferRefusal }),
    createdAt: instant(row.created_at),
  };
}

export function toMessage(row: Row): TransactionMessageView {
  return {
    type: text(row.type),
    ...optional('decision', row.decision),
    ...optional('responseCode', row.response_code),
    ...(row.amount_minor === null ? undefined : { amountMinor: integer(row.amount_minor) }),
    ...(row.approved_minor === null ? undefined : { approvedMinor: integer(row.approved_minor) }),
    ...(row.billing_minor === null ? undefined : { billingMinor: integer(row.billing_minor) }),
    ...reason(row),
    reasons: words<ReasonCode>(row.reasons),
    flags: words<Flag>(row.flags),
    entry: row.entry === null ? [] : decodeEntry(text(row.entry)),
    occurredAt: instant(row.occurred_at),
    position: integer(row.position),
  };
}

function merchant(row: Row): Pick<TransactionView, 'merchant'> {
  if (row.merchant_id === null) return {};
  return {
    merchant: {
      id: text(row.merchant_id),
      ...optional('name', row.merchant_name),
      ...optional('city', row.merchant_city),
      ...optional('country', row.merchant_country),
      mcc: text(row.merchant_mcc),
    },
  };
}

function reason(row: Row): { readonly reason?: ReasonCode } {
  return row.reason === null ? {} : { reason: text(row.reason) as ReasonCode };
}

export function text(value: SQLOutputValue | undefined): string {
  if (typeof value !== 'string') throw new TypeError('a column of the read models is not a text');
  return value;
}

export function integer(value: SQLOutputValue | undefined): bigint {
  if (typeof value !== 'bigint') throw new TypeError('a column of the read models is not an integer');
  return value;
}

export function instant(value: SQLOutputValue | undefined): Instant {
  return Number(integer(value));
}

/** The words of a list that `jsonList` wrote. */
function words<Word extends string>(value: SQLOutputValue | undefined): readonly Word[] {
  const json = text(value);
  return json === '[]' ? [] : (JSON.parse(json) as Word[]);
}

function optional<Name extends string>(
  name: Name,
  value: SQLOutputValue | undefined,
): { readonly [name in Name]?: string } | undefined {
  return value === null ? undefined : ({ [name]: text(value) } as { readonly [name in Name]: string });
}
