// checks.ts: what must hold between what clients were told and what the log and the server say.

import { verifyLog } from '@holdfast/audit';
import {
  type Answer,
  answerOf,
  type DomainEvent,
  type Entry,
  isOverdraft,
  type Recorded,
  signedMinor,
} from '@holdfast/domain';
import { accountIdOfStream, decode } from '@holdfast/events';
import { type LogLocation, openReaderAt } from '@holdfast/journal';
import { type Api, isJson, type Json } from '../support/api.ts';
import type { Operation } from './operation.ts';
import type { World } from './traffic.ts';

type Balance = { availableMinor: bigint; heldMinor: bigint };

export type LogContents = {
  readonly head: bigint;
  readonly events: bigint;
  /** The events of each command, in log order; of a card also the claim of its number. */
  readonly byCommand: ReadonlyMap<string, readonly Recorded<DomainEvent>[]>;
  readonly balances: ReadonlyMap<string, Balance>;
};

/** Verifies the log beside the running server, and reads it. */
export async function readLog(log: LogLocation, problems: string[]): Promise<LogContents> {
  const reader = await openReaderAt(log);
  const report = await verifyLog(reader);
  for (const { kind, stream, revision, what } of report.problems) {
    problems.push(`verify: ${kind} at ${stream}@${revision}: ${what}`);
  }
  const byCommand = new Map<string, Recorded<DomainEvent>[]>();
  const balances = new Map<string, Balance>();
  let head = 0n;
  let count = 0n;
  for await (const { events, position } of reader.readAll()) {
    head = position;
    count += BigInt(events.length);
    for (const stored of events) {
      const event = decode(stored);
      const { commandId } = event.metadata;
      byCommand.set(commandId, [...(byCommand.get(commandId) ?? []), event]);
      const accountId = accountIdOfStream(stored.stream);
      if (accountId !== undefined && 'entry' in event.data) add(balances, accountId, event.data.entry);
    }
  }
  await reader.close();
  return { head, events: count, byCommand, balances };
}

function add(balances: Map<string, Balance>, accountId: string, entry: Entry): void {
  const balance = balances.get(accountId) ?? { availableMinor: 0n, heldMinor: 0n };
  balances.set(accountId, balance);
  for (const leg of entry) {
    if (leg.account === 'available') balance.availableMinor -= signedMinor(leg);
    if (leg.account === 'held') balance.heldMinor -= signedMinor(leg);
  }
}

/** Every answer that a client received stands in the log, once, and says the same. */
export function checkAnswers({ byCommand }: LogContents, { operations, problems }: World): void {
  for (const operation of operations) {
    if (operation.answer === undefined) continue;
    const events = (byCommand.get(operation.commandId) ?? []).filter(
      (event) => event.type !== 'CardNumberClaimed' && !isOverdraft(event),
    );
    const first = events[0];
    if (first === undefined) {
      problems.push(`${operation.kind} was answered, but the log does not have it`);
      continue;
    }
    const effects = operation.path === '/v1/network/messages' ? answering(events) : events.length;
    if (effects !== 1) problems.push(`${operation.kind} has ${effects} effects`);
    const wrong = difference(operation, first);
    if (wrong !== undefined) problems.push(`${operation.kind} was answered otherwise than the log says: ${wrong}`);
  }
}

/** An authorization may bring the reversals with it that came before it: they stand in its append, and answer others. */
function answering(events: readonly Recorded<DomainEvent>[]): number {
  return events.filter(({ data }) => !('unparked' in data && data.unparked !== undefined) || events.length === 1)
    .length;
}

function difference({ kind, answer, commandId }: Operation, event: Recorded<DomainEvent>): string | undefined {
  const body = answer?.body ?? {};
  switch (kind) {
    case 'account':
      return event.type === 'AccountOpened' ? differs('id', body.id, event.data.accountId) : event.type;
    case 'deposit':
      return event.type === 'FundsDeposited'
        ? (differs('id', body.id, event.data.depositId) ??
            differs('amount', body.amount, Number(event.data.amountMinor)))
        : event.type;
    case 'transfer':
      return event.type === 'TransferSent'
        ? (differs('id', body.id, event.data.transferId) ?? differs('status', body.status, 'received'))
        : event.type;
    case 'card':
      return event.type === 'CardIssued' ? differs('id', body.id, event.data.cardId) : event.type;
    case 'pause':
      return event.type === 'CardPaused' ? differs('id', body.id, event.data.cardId) : event.type;
    case 'resume':
      return event.type === 'CardResumed' ? differs('id', body.id, event.data.cardId) : event.type;
    case 'program':
      return event.type === 'ProgramCreated' ? differs('id', body.id, event.data.programId) : event.type;
    case 'pause program':
    case 'resume program': {
      const type = kind === 'pause program' ? 'ProgramPaused' : 'ProgramResumed';
      return event.type === type ? differs('id', body.id, event.data.programId) : event.type;
    }
    case 'controls':
      return event.type === 'CardControlsSet' ? differs('card_id', body.card_id, event.data.cardId) : event.type;
    default: {
      const said = answerIn(event);
      return said === undefined ? `${event.type} under ${commandId}` : messageDiffers(body, said);
    }
  }
}

function answerIn(event: Recorded<DomainEvent>): Answer | undefined {
  switch (event.type) {
    case 'AuthorizationApproved':
    case 'AuthorizationDeclined':
    case 'AuthorizationReversed':
    case 'ReversalRefused':
    case 'ReversalParked':
    case 'ClearingPosted':
      return answerOf(event);
    default:
      return undefined;
  }
}

function messageDiffers(body: Json, said: Answer): string | undefined {
  return (
    differs('decision', body.decision, said.decision) ??
    differs('response_code', body.response_code, said.responseCode) ??
    differs('authorization_code', body.authorization_code, said.authorizationCode) ??
    differs('transaction_id', body.transaction_id, said.transactionId) ??
    differs('approved_amount', body.approved_amount, numberOf(said.approvedMinor)) ??
    differs('billing_amount', body.billing_amount, numberOf(said.billingMinor)) ??
    differs('reasons', String(body.reasons), said.reasons.join())
  );
}

function numberOf(minor: bigint | undefined): number | undefined {
  return minor === undefined ? undefined : Number(minor);
}

function differs(what: string, answered: unknown, recorded: unknown): string | undefined {
  return answered === recorded ? undefined : `${what} is ${String(recorded)}, answered was ${String(answered)}`;
}

/**
 * No approval of an authorization that was sent after a pause had been answered, unless a resume may have come between.
 */
export function checkPauses({ operations, problems }: World): void {
  const switches = Map.groupBy(
    operations.filter(({ kind }) => kind === 'pause' || kind === 'resume'),
    ({ cardId }) => cardId,
  );
  for (const { kind, cardId, sentAt, answeredAt, answer } of operations) {
    if (kind !== 'authorization' || sentAt === undefined || answeredAt === undefined) continue;
    if (answer?.body.decision !== 'approved' && answer?.body.decision !== 'partially_approved') continue;
    const ofCard = switches.get(cardId) ?? [];
    for (const pause of ofCard) {
      if (pause.kind !== 'pause' || pause.answeredAt === undefined || pause.answeredAt >= sentAt) continue;
      const mayBeResumed = ofCard.some(
        (resume) =>
          resume.kind === 'resume' &&
          resume.sentAt !== undefined &&
          resume.sentAt < answeredAt &&
          (resume.answeredAt === undefined || resume.answeredAt > (pause.sentAt ?? 0)),
      );
      if (!mayBeResumed) problems.push(`${cardId} was approved after its pause had been answered`);
    }
  }
}

/** What the server says that accounts have is what the log's entries sum to. */
export async function checkBalances(api: Api, { head, balances }: LogContents, world: World): Promise<void> {
  for (const accountId of world.accounts) {
    const { status, body } = await api.get(`/v1/accounts/${accountId}/balance?min_position=${head}`);
    if (status !== 200 || !isJson(body)) {
      world.problems.push(`the balance of ${accountId} was answered ${status}`);
      continue;
    }
    const { availableMinor = 0n, heldMinor = 0n } = balances.get(accountId) ?? {};
    const wrong =
      differs('available', body.available, Number(availableMinor)) ?? differs('held', body.held, Number(heldMinor));
    if (wrong !== undefined) world.problems.push(`${accountId}: ${wrong}`);
  }
}
