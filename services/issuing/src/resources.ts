// resources.ts: what is read, as JSON. A field without a value is null.

import { type Balances, type HoldExpiryDays, type Instant, MAX_BALANCE_MINOR, toIso } from '@holdfast/domain';
import { toApiInteger } from '@holdfast/money';
import type {
  AccountView,
  CardView,
  ProgramView,
  StandingView,
  SuspenseView,
  TransferView,
} from '@holdfast/projections';
import { controlsJson } from './controls.ts';

export function programJson(program: ProgramView) {
  return {
    id: program.id,
    name: program.name,
    status: program.status,
    hold_expiry_days: program.holdExpiry.other,
    hold_expiry: holdExpiryJson(program.holdExpiry),
    markup: { basis_points: program.markupBasisPoints },
    created_at: toIso(program.createdAt),
  };
}

/** In days, by what the merchant sells. */
export function holdExpiryJson({ lodging, carRental, cruise, fuel, other }: HoldExpiryDays) {
  return {
    lodging_days: lodging,
    car_rental_days: carRental,
    cruise_days: cruise,
    fuel_days: fuel,
    other_days: other,
  };
}

export function accountJson(account: AccountView) {
  return {
    id: account.id,
    program_id: account.programId,
    currency: account.currency,
    name: account.name ?? null,
    status: account.status,
    created_at: toIso(account.createdAt),
    balance: spendableJson(account.balances, account.creditLineMinor, account.pendingCreditMinor),
    controls: controlsJson(account.controls),
  };
}

export function balanceJson(account: AccountView) {
  return {
    account_id: account.id,
    currency: account.currency,
    ...spendableJson(account.balances, account.creditLineMinor, account.pendingCreditMinor),
  };
}

/** What an account had, and since which event. */
export function standingJson(account: AccountView, standing: StandingView) {
  const { balances, creditLineMinor, pendingCreditMinor, occurredAt, position } = standing;
  return {
    ...balanceJson({ ...account, balances, creditLineMinor, pendingCreditMinor }),
    since: toIso(occurredAt),
    since_position: position.toString(),
  };
}

/** `posted` is available and held; `spendable` is what approvals may use, and no more than a JSON integer holds. */
export function spendableJson(balances: Balances, creditLineMinor: bigint, pendingCreditMinor: bigint) {
  const spendable = balances.availableMinor + creditLineMinor;
  return {
    ...balancesJson(balances),
    spendable: toApiInteger(spendable < MAX_BALANCE_MINOR ? spendable : MAX_BALANCE_MINOR),
    credit_line: toApiInteger(creditLineMinor),
    pending_credit: toApiInteger(pendingCreditMinor),
  };
}

export function balancesJson({ availableMinor, heldMinor }: Balances) {
  return {
    available: toApiInteger(availableMinor),
    held: toApiInteger(heldMinor),
    posted: toApiInteger(availableMinor + heldMinor),
  };
}

export function suspenseJson(item: SuspenseView) {
  return {
    id: `${item.stream}@${item.revision}`,
    account_id: item.accountId ?? null,
    side: item.side,
    amount: toApiInteger(item.amountMinor),
    currency: item.currency,
    message_type: item.messageType ?? null,
    network: item.network ?? null,
    card_id: item.cardId ?? null,
    status: item.status,
    to: item.resolvedTo ?? null,
    to_account_id: item.toAccountId ?? null,
    reason: item.reason ?? null,
    created_at: toIso(item.createdAt),
  };
}

export function transferJson(transfer: TransferView) {
  return {
    id: transfer.id,
    account_id: transfer.accountId,
    to_account_id: transfer.targetId,
    amount: toApiInteger(transfer.amountMinor),
    currency: transfer.currency,
    reference: transfer.reference ?? null,
    status: transfer.status,
    reason: transfer.reason ?? null,
    created_at: toIso(transfer.createdAt),
  };
}

export function cardJson(card: CardView) {
  return {
    ...cardFactsJson({ ...card, cardId: card.id, issuedAt: card.createdAt }, card.status),
    controls: controlsJson(card.controls),
  };
}

/** What never changes about a card, and its status. */
export function cardFactsJson(
  facts: {
    readonly cardId: string;
    readonly accountId: string;
    readonly programId: string;
    readonly bin: string;
    readonly last4: string;
    readonly expiry: string;
    readonly label?: string;
    readonly issuedAt: Instant;
  },
  status: CardView['status'],
) {
  return {
    id: facts.cardId,
    account_id: facts.accountId,
    program_id: facts.programId,
    type: 'virtual',
    status,
    bin: facts.bin,
    last4: facts.last4,
    expiry: facts.expiry,
    label: facts.label ?? null,
    created_at: toIso(facts.issuedAt),
  };
}
