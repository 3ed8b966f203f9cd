// outcomes.ts: what a write answers, from the event that it wrote: so a repeat, at any later time, answers the same.

import { type DomainEvent, NO_CONTROLS, type Recorded, toIso, usualHoldExpiry } from '@holdfast/domain';
import type { CardFacts, CommandOutcome } from '@holdfast/engine';
import { accountIdOfStream } from '@holdfast/events';
import { toApiInteger } from '@holdfast/money';
import { controlsJson } from './controls.ts';
import { balancesJson, cardFactsJson, holdExpiryJson, spendableJson } from './resources.ts';

export type Done = Extract<CommandOutcome, { readonly done: true }>;

export function programCreatedJson({ event }: Done) {
  const { data, metadata } = expectEvent(event, 'ProgramCreated');
  return {
    id: data.programId,
    name: data.name,
    status: 'active',
    hold_expiry_days: data.holdExpiryDays,
    hold_expiry: holdExpiryJson(usualHoldExpiry(data.holdExpiryDays)),
    markup: { basis_points: 0 },
    created_at: toIso(metadata.occurredAt),
  };
}

export function programStatusJson({ event }: Done) {
  const status = event.type === 'ProgramPaused' ? 'paused' : 'active';
  const { data, metadata } = expectEvent(event, event.type === 'ProgramPaused' ? 'ProgramPaused' : 'ProgramResumed');
  return { id: data.programId, status, reason: data.reason ?? null, updated_at: toIso(metadata.occurredAt) };
}

export function markupJson({ event }: Done) {
  const { data, metadata } = expectEvent(event, 'MarkupSet');
  return { program_id: data.programId, basis_points: data.basisPoints, updated_at: toIso(metadata.occurredAt) };
}

export function holdExpirySetJson({ event }: Done) {
  const { data, metadata } = expectEvent(event, 'HoldExpirySet');
  return { program_id: data.programId, ...holdExpiryJson(data.days), updated_at: toIso(metadata.occurredAt) };
}

export function accountOpenedJson({ event }: Done) {
  const { data, metadata } = expectEvent(event, 'AccountOpened');
  return {
    id: data.accountId,
    program_id: data.programId,
    currency: data.currency,
    name: data.name ?? null,
    status: 'open',
    created_at: toIso(metadata.occurredAt),
    balance: spendableJson({ availableMinor: 0n, heldMinor: 0n }, data.creditLineMinor, 0n),
    controls: controlsJson(NO_CONTROLS),
  };
}

export function accountClosedJson({ event }: Done) {
  const { data, metadata } = expectEvent(event, 'AccountClosed');
  return { id: data.accountId, status: 'closed', reason: data.reason ?? null, updated_at: toIso(metadata.occurredAt) };
}

export function depositJson({ event }: Done, accountId: string) {
  const { data, metadata } = expectEvent(event, 'FundsDeposited');
  return {
    id: data.depositId,
    account_id: accountId,
    amount: toApiInteger(data.amountMinor),
    currency: data.currency,
    reference: data.reference ?? null,
    created_at: toIso(metadata.occurredAt),
    balance: balancesJson(data.balances),
  };
}

export function withdrawalJson({ event }: Done, accountId: string) {
  const { data, metadata } = expectEvent(event, 'FundsWithdrawn');
  return {
    id: data.withdrawalId,
    account_id: accountId,
    amount: toApiInteger(data.amountMinor),
    currency: data.currency,
    reference: data.reference ?? null,
    created_at: toIso(metadata.occurredAt),
    balance: balancesJson(data.balances),
  };
}

export function transferSentJson({ event, transfer }: Done, accountId: string) {
  const { data, metadata } = expectEvent(event, 'TransferSent');
  if (transfer === undefined) throw new Error('the engine answered a transfer without what became of it');
  return {
    id: data.transferId,
    account_id: accountId,
    to_account_id: data.target,
    amount: toApiInteger(data.amountMinor),
    currency: data.currency,
    reference: data.reference ?? null,
    status: transfer.status,
    reason: transfer.status === 'returned' ? transfer.reason : null,
    created_at: toIso(metadata.occurredAt),
  };
}

export function resolvedJson({ event }: Done, id: string) {
  const type = event.type === 'SuspenseAssigned' ? 'SuspenseAssigned' : 'SuspenseResolved';
  const { data, metadata } = expectEvent(event, type);
  const given = data.to === 'available' || data.to === 'in_transit';
  const assigned = 'accountId' in data ? data.accountId : undefined;
  return {
    id,
    side: data.side,
    amount: toApiInteger(data.amountMinor),
    currency: data.currency,
    status: 'resolved',
    to: given ? 'account' : data.to,
    account_id: given ? (assigned ?? ownerOf(id)) : null,
    account_amount: data.accountMinor === undefined ? null : toApiInteger(data.accountMinor),
    reason: data.reason,
    flags: 'flags' in data ? data.flags : [],
    resolved_at: toIso(metadata.occurredAt),
  };
}

/** Of an item of an account's own stream. */
function ownerOf(suspenseId: string): string | null {
  return accountIdOfStream(suspenseId.slice(0, suspenseId.indexOf('@'))) ?? null;
}

export function correctionJson({ event }: Done, accountId: string) {
  const { data, metadata } = expectEvent(event, 'CorrectionPosted');
  return {
    id: data.correctionId,
    account_id: accountId,
    direction: data.direction,
    amount: toApiInteger(data.amountMinor),
    currency: data.currency,
    against: data.against,
    reason: data.reason,
    reference: data.reference ?? null,
    flags: data.flags,
    created_at: toIso(metadata.occurredAt),
    balance: balancesJson(data.balances),
  };
}

export function creditLineJson({ event }: Done, accountId: string) {
  const { data, metadata } = expectEvent(event, 'CreditLineSet');
  return {
    account_id: accountId,
    credit_line: toApiInteger(data.creditLineMinor),
    updated_at: toIso(metadata.occurredAt),
  };
}

export function accountControlsJson({ event }: Done, accountId: string) {
  const { data, metadata } = expectEvent(event, 'AccountControlsSet');
  return { account_id: accountId, ...controlsJson(data.controls), updated_at: toIso(metadata.occurredAt) };
}

export function cardControlsJson({ event }: Done) {
  const { data, metadata } = expectEvent(event, 'CardControlsSet');
  return { card_id: data.cardId, ...controlsJson(data.controls), updated_at: toIso(metadata.occurredAt) };
}

/** The only answer that has the number. */
export function cardIssuedJson(done: Done, number: string) {
  return { ...cardFactsJson(factsOf(done), 'active'), controls: controlsJson(NO_CONTROLS), number };
}

const STATUS_AFTER = { CardPaused: 'paused', CardResumed: 'active', CardClosed: 'closed' } as const;

export function cardStatusJson(done: Done, type: keyof typeof STATUS_AFTER) {
  const { data, metadata } = expectEvent(done.event, type);
  return {
    ...cardFactsJson(factsOf(done), STATUS_AFTER[type]),
    reason: data.reason ?? null,
    updated_at: toIso(metadata.occurredAt),
  };
}

function factsOf({ card, event }: Done): CardFacts {
  if (card === undefined) throw new Error(`the engine answered ${event.type} without the card's facts`);
  return card;
}

/** Throws for another event: a command and what it writes belong together. */
export function expectEvent<Type extends DomainEvent['type']>(
  event: Recorded<DomainEvent>,
  type: Type,
): Extract<Recorded<DomainEvent>, { readonly type: Type }> {
  if (!isEvent(event, type)) throw new Error(`expected ${type} of this command, and its event is ${event.type}`);
  return event;
}

function isEvent<Type extends DomainEvent['type']>(
  event: Recorded<DomainEvent>,
  type: Type,
): event is Extract<Recorded<DomainEvent>, { readonly type: Type }> {
  return event.type === type;
}
