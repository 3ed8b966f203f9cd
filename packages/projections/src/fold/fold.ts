// fold.ts: what each event does to the rows.

import type { DatabaseSync } from 'node:sqlite';
import { type AccountId, type DomainEvent, type Instant, type Recorded, suspendedBy } from '@holdfast/domain';
import { accountIdOfStream, decode } from '@holdfast/events';
import type { StoredEvent } from '@holdfast/journal';
import { Unfoldable } from '../errors.ts';
import { accountRows } from './accounts.ts';
import { cardRows } from './cards.ts';
import { clearingFileRows } from './clearingFiles.ts';
import { messageRows } from './messages.ts';
import { programRows } from './programs.ts';
import { suspenseRows } from './suspense.ts';
import { transactionRows } from './transactions.ts';
import { transferRows } from './transfers.ts';
import { unappliedBy, unappliedRows } from './unapplied.ts';

export type Fold = {
  /** Throws `UndecodableEvent`, `Unfoldable`, or SQLite's error when a row breaks a constraint. */
  apply(stored: StoredEvent): void;
  /** Writes what was kept back. Must be called before the transaction is committed. */
  flush(): void;
  /** Forgets what was kept back, when the transaction is rolled back. */
  discard(): void;
};

export function createFold(db: DatabaseSync): Fold {
  const programs = programRows(db);
  const accounts = accountRows(db);
  const cards = cardRows(db);
  const transactions = transactionRows(db);
  const messages = messageRows(db);
  const transfers = transferRows(db);
  const suspense = suspenseRows(db);
  const unapplied = unappliedRows(db);
  const clearingFiles = clearingFileRows(db);

  function apply(stored: StoredEvent): void {
    const event = decode(stored);
    const at = event.metadata.occurredAt;
    applyToRows(stored, event, at);
    applyToAccount(stored, event, at);
  }

  function applyToRows(stored: StoredEvent, event: Recorded<DomainEvent>, at: Instant): void {
    switch (event.type) {
      case 'ProgramCreated':
        programs.create(event.data, at);
        break;
      case 'ProgramPaused':
        programs.setStatus(event.data.programId, 'paused');
        break;
      case 'ProgramResumed':
        programs.setStatus(event.data.programId, 'active');
        break;
      case 'RatesPublished':
        programs.publishRates(event.data, at);
        break;
      case 'MarkupSet':
        programs.setMarkup(event.data.programId, event.data.basisPoints);
        break;
      case 'HoldExpirySet':
        programs.setHoldExpiry(event.data.programId, event.data.days);
        break;
      case 'AccountOpened':
        accounts.open(event.data, at, stored.position);
        break;
      case 'AccountClosed':
        accounts.close(event.data.accountId);
        break;
      case 'AccountControlsSet':
        accounts.setControls(accountOf(stored), event.data.controls);
        break;
      case 'SuspenseResolved':
        suspense.resolve(stored.stream, accountOf(stored), event.data);
        break;
      case 'SuspenseReceived':
        suspense.receive(event.data);
        break;
      case 'SuspenseAssigned':
        suspense.assign(stored, event);
        break;
      case 'TransferSent':
        transfers.send(accountOf(stored), event.data, at);
        break;
      case 'TransferReceived':
        transfers.receive(event.data.transferId);
        break;
      case 'TransferCompleted':
        transfers.complete(event.data.transferId);
        break;
      case 'TransferReturned':
        transfers.return(event.data);
        break;
      case 'CardIssued':
        cards.issue(accountOf(stored), event.data, at);
        break;
      case 'CardPaused':
        cards.setStatus(event.data.cardId, 'paused');
        break;
      case 'CardResumed':
        cards.setStatus(event.data.cardId, 'active');
        break;
      case 'CardClosed':
        cards.setStatus(event.data.cardId, 'closed');
        break;
      case 'CardControlsSet':
        cards.setControls(event.data.cardId, event.data.controls);
        break;
      case 'AuthorizationApproved':
        messages.append(transactions.approve(accountOf(stored), event.data, at), event, stored.position);
        break;
      case 'AuthorizationDeclined':
        messages.append(transactions.decline(accountOf(stored), event.data, at), event, stored.position);
        break;
      case 'ClearingPosted':
        messages.append(transactions.clear(accountOf(stored), event.data, at), event, stored.position);
        break;
      case 'FinancialAuthorizationApproved': {
        const { change, message } = event.data;
        // Where the network's advice says what stands, it has its currency too.
        const anew = change.totals?.approvedMinor === undefined ? {} : { currency: message.currency };
        const number = transactions.change(accountOf(stored), { ...event.data, ...anew }, at);
        messages.append(number, event, stored.position);
        break;
      }
      case 'IncrementApproved':
      case 'IncrementAdvised':
      case 'FinancialAuthorizationReversed':
      case 'ClearingReversed':
      case 'RefundPosted':
      case 'RefundReversed':
        messages.append(transactions.change(accountOf(stored), event.data, at), event, stored.position);
        break;
      case 'AuthorizationAdvised': {
        const { change, expiresAt, ...data } = event.data;
        // Without a change it holds nothing that could expire.
        const held = change.totals === undefined ? {} : { currency: data.message.currency, expiresAt };
        messages.append(
          transactions.change(accountOf(stored), { ...data, change, ...held }, at),
          event,
          stored.position,
        );
        break;
      }
      case 'RefundAuthorized': {
        const { expiresAt: creditExpiresAt, ...data } = event.data;
        messages.append(
          transactions.change(accountOf(stored), { ...data, creditExpiresAt }, at),
          event,
          stored.position,
        );
        break;
      }
      case 'RefundAuthorizationReversed':
        messages.append(transactions.change(accountOf(stored), event.data, at), event, stored.position);
        break;
      case 'PendingCreditExpired': {
        const { transactionId, change, status } = event.data;
        const number = transactions.change(accountOf(stored), { transactionId, change, status }, at);
        messages.append(number, event, stored.position);
        break;
      }
      case 'AdviceRecorded': {
        const { transactionId, status, message, flags, reason } = event.data;
        if (transactionId === undefined) break;
        const data = { transactionId, message, change: {}, status, flags, ...(reason === undefined ? {} : { reason }) };
        messages.append(transactions.change(accountOf(stored), data, at), event, stored.position);
        break;
      }
      case 'IncrementDeclined': {
        const { transactionId, flags } = event.data;
        if (transactionId === undefined) break;
        messages.append(transactions.touch(accountOf(stored), transactionId, flags, at), event, stored.position);
        break;
      }
      case 'AuthorizationReversed':
        messages.append(transactions.release(accountOf(stored), event.data, at, 'as reversed'), event, stored.position);
        break;
      case 'LateApprovalReleased': {
        const { transactionId, change, status } = event.data;
        const number = transactions.release(accountOf(stored), event.data, at, 'as reversed');
        if (change !== undefined) transactions.change(accountOf(stored), { transactionId, change, status }, at);
        messages.append(number, event, stored.position);
        break;
      }
      case 'AuthorizationExpired':
        messages.append(transactions.release(accountOf(stored), event.data, at, 'as expired'), event, stored.position);
        break;
      case 'ReversalRefused':
        messages.append(
          transactions.touch(accountOf(stored), event.data.transactionId, event.data.flags, at),
          event,
          stored.position,
        );
        break;
      case 'AnswerRepeated':
        messages.append(
          transactions.touch(accountOf(stored), event.data.transactionId, [], at),
          event,
          stored.position,
        );
        break;
      case 'MessageConflicted': {
        const { transactionId } = event.data;
        if (transactionId === undefined) break;
        messages.append(transactions.touch(accountOf(stored), transactionId, [], at), event, stored.position);
        break;
      }
      case 'ClearingFileReceived':
        clearingFiles.receive(event.data, at);
        break;
      case 'ClearingFileApplied':
        clearingFiles.apply(event.data, at);
        break;
      case 'ClearingFileRefused':
        clearingFiles.refuse(event.data);
        break;
      // Their balances are applied to the account, as those of all events are.
      case 'FundsDeposited':
      case 'FundsWithdrawn':
      case 'CorrectionPosted':
      case 'CreditLineSet':
        break;
      // No row of these: what an account's balances say anyway; a transfer that is about to come back; keys, claims and
      // authorizers; and messages that belong to no transaction, unless they stand in suspense or are
      // not applied.
      case 'TransferRefused':
      case 'AccountOverdrawn':
      case 'AccountRecovered':
      case 'ApiKeyIssued':
      case 'AuthorizerStarted':
      case 'ChangeConfirmed':
      case 'AuthorizerStopped':
      case 'AuthorizerRetired':
      case 'CardNumberClaimed':
      case 'ReversalParked':
      case 'ClearingSuspended':
      case 'RefundSuspended':
      case 'InquiryAnswered':
      case 'UnmatchedMessageRecorded':
        break;
      default:
        event satisfies never;
    }
    const sum = suspendedBy(event);
    if (sum !== undefined) suspense.add(stored, accountIdOfStream(stored.stream), event, sum);
    applyToUnapplied(stored, event, at);
  }

  function applyToUnapplied(stored: StoredEvent, event: Recorded<DomainEvent>, at: Instant): void {
    const message = unappliedBy(event);
    if (message !== undefined) unapplied.add(stored, accountIdOfStream(stored.stream), event, message);
    if (!('unparked' in event.data) || event.data.unparked === undefined) return;
    unapplied.apply(stored.stream, event.data.unparked, event.data.transactionId, at);
  }

  /** What the account has after the event, whatever it is about. */
  function applyToAccount(stored: StoredEvent, { type, data }: DomainEvent, at: Instant): void {
    const balances = 'balances' in data ? data.balances : undefined;
    const creditLineMinor = type === 'CreditLineSet' ? data.creditLineMinor : undefined;
    const pendingCreditMinor = 'change' in data ? data.change?.accountTotals?.pendingCreditMinor : undefined;
    if (balances === undefined && creditLineMinor === undefined && pendingCreditMinor === undefined) return;
    accounts.change(accountOf(stored), { balances, creditLineMinor, pendingCreditMinor }, at, stored.position);
  }

  return { apply, flush: accounts.flush, discard: accounts.discard };
}

function accountOf({ stream, type }: StoredEvent): AccountId {
  const accountId = accountIdOfStream(stream);
  if (accountId === undefined) throw new Unfoldable(`a ${type} stands in ${stream}, which is no account's stream`);
  return accountId;
}
