// facts.ts: what an event says, in the few words that somebody reading the log looks for.

import {
  type Balances,
  type Controls,
  type DomainEvent,
  type Entry,
  type HoldExpiryDays,
  isClean,
  type NetworkMessage,
  type RatesPublished,
  type SuspenseSum,
} from '@holdfast/domain';
import { type CurrencyCode, format, formatMinor } from '@holdfast/money';

export type Fact = { readonly text: string; readonly tone?: 'good' | 'bad' | 'dim' };

export function factsOf(event: DomainEvent): readonly Fact[] {
  switch (event.type) {
    case 'ProgramCreated':
      return [quoted(event.data.name), plain(`holds expire after ${event.data.holdExpiryDays} days`)];
    case 'ProgramPaused':
    case 'ProgramResumed':
    case 'AccountClosed':
      return because(event.data.reason);
    case 'ApiKeyIssued':
      return [quoted(event.data.name), plain(event.data.roles.join(', '))];
    case 'AuthorizerStarted':
    case 'AuthorizerStopped':
      return [plain(event.data.instance)];
    case 'ChangeConfirmed':
      return [plain(`${event.data.stream} as of revision ${event.data.revision}`)];
    case 'AuthorizerRetired':
      return [];
    case 'CardNumberClaimed':
      return [plain(`for ${event.data.accountId}`)];
    case 'AccountOpened':
      return [plain(event.data.currency), ...(event.data.name === undefined ? [] : [quoted(event.data.name)])];
    case 'FundsDeposited':
      return [
        { text: `+${format({ minor: event.data.amountMinor, currency: event.data.currency })}`, tone: 'good' },
        ...(event.data.reference === undefined ? [] : [quoted(event.data.reference)]),
        ...left(event.data.balances, event.data.entry),
      ];
    case 'FundsWithdrawn':
      return [
        { text: `-${format({ minor: event.data.amountMinor, currency: event.data.currency })}`, tone: 'bad' },
        ...(event.data.reference === undefined ? [] : [quoted(event.data.reference)]),
        ...left(event.data.balances, event.data.entry),
      ];
    case 'CorrectionPosted': {
      const { direction, amountMinor, currency, against, reason, flags, balances, entry } = event.data;
      const credit = direction === 'credit';
      return [
        { text: `${credit ? '+' : '-'}${format({ minor: amountMinor, currency })}`, tone: credit ? 'good' : 'bad' },
        plain(`against ${against}`),
        quoted(reason),
        ...flagged(flags),
        ...left(balances, entry),
      ];
    }
    case 'SuspenseResolved': {
      const { revision, to, reason, flags, balances, entry } = event.data;
      const facts = [plain(`of revision ${revision} to ${to}`), quoted(reason), ...flagged(flags)];
      return [plain(suspended(event.data)), ...facts, ...left(balances, entry)];
    }
    case 'SuspenseReceived': {
      const { stream, revision, flags, balances, entry } = event.data;
      return [
        plain(suspended(event.data)),
        plain(`of ${stream}@${revision}`),
        ...flagged(flags),
        ...left(balances, entry),
      ];
    }
    case 'SuspenseAssigned': {
      const { revision, to, accountId, reason } = event.data;
      return [plain(suspended(event.data)), plain(`of revision ${revision} to ${accountId ?? to}`), quoted(reason)];
    }
    case 'TransferSent':
      return transferred(event.data, '-', `to ${event.data.target}`);
    case 'TransferReceived':
      return transferred(event.data, '+', `from ${event.data.source}`);
    case 'TransferReturned':
      return transferred(event.data, '+', `returned: ${event.data.reason}`);
    case 'TransferRefused':
      return [
        plain(event.data.transferId),
        plain(`from ${event.data.source}`),
        { text: event.data.reason, tone: 'bad' },
      ];
    case 'TransferCompleted':
      return [plain(event.data.transferId)];
    case 'AccountOverdrawn':
      return [{ text: `spendable ${event.data.spendableMinor}`, tone: 'bad' }];
    case 'AccountRecovered':
      return [{ text: `spendable ${event.data.spendableMinor}`, tone: 'good' }];
    case 'CreditLineSet':
      return [plain(`credit line ${event.data.creditLineMinor}`)];
    case 'CardIssued':
      return [
        plain(event.data.cardId),
        plain(`${event.data.bin}…${event.data.last4}`),
        plain(`to ${event.data.expiry}`),
      ];
    case 'CardPaused':
    case 'CardResumed':
    case 'CardClosed':
      return [plain(event.data.cardId), ...because(event.data.reason)];
    case 'CardControlsSet':
      return [plain(event.data.cardId), plain(controls(event.data.controls))];
    case 'AccountControlsSet':
      return [plain(controls(event.data.controls))];
    case 'RatesPublished':
      return published(event.data);
    case 'MarkupSet':
      return [plain(`mark-up ${(event.data.basisPoints / 100).toFixed(2)} %`)];
    case 'HoldExpirySet':
      return [plain(holdExpiry(event.data.days))];
    case 'AuthorizationApproved':
    case 'IncrementApproved':
    case 'FinancialAuthorizationApproved': {
      const { data } = event;
      const { currency } = data.message;
      const approved = format({ minor: data.approvedMinor, currency });
      const part = data.responseCode === '10' ? ` of ${amountOf(data.message)}` : '';
      return [
        { text: `${approved}${part}`, tone: 'good' },
        plain(data.message.cardId),
        ...merchant(data.message),
        plain(data.authorizationCode),
        ...flagged(data.flags),
        ...left(data.balances, data.entry),
      ];
    }
    case 'AuthorizationDeclined':
    case 'IncrementDeclined': {
      const { data } = event;
      return [
        { text: `${amountOf(data.message)} ${data.responseCode} ${data.reasons.join(', ')}`, tone: 'bad' },
        plain(data.message.cardId),
        ...merchant(data.message),
        ...flagged(data.flags),
      ];
    }
    case 'RefundAuthorized':
      return [...announced(event.data.message), plain(event.data.authorizationCode), ...flagged(event.data.flags)];
    case 'InquiryAnswered': {
      const { message, responseCode, reasons } = event.data;
      const tone = reasons.length === 0 ? 'good' : 'bad';
      return [{ text: `${message.type} ${responseCode} ${reasons.join(', ')}`.trimEnd(), tone }, plain(message.cardId)];
    }
    case 'AuthorizationAdvised':
    case 'IncrementAdvised':
    case 'RefundPosted':
    case 'RefundReversed': {
      const { message, status, flags, balances, entry } = event.data;
      return [...announced(message), plain(status), ...flagged(flags), ...left(balances, entry)];
    }
    case 'AdviceRecorded': {
      const { message, reason, flags } = event.data;
      return [...announced(message), ...(reason === undefined ? [] : [plain(reason)]), ...flagged(flags)];
    }
    case 'FinancialAuthorizationReversed':
    case 'ClearingReversed': {
      const { message, status, flags, balances, entry, share } = event.data;
      const currency = currencyOf(entry) ?? message.currency;
      const back = plain(`posted back ${format({ minor: share.accountMinor, currency })}`);
      return [back, plain(message.cardId), plain(status), ...flagged(flags), ...left(balances, entry)];
    }
    case 'RefundAuthorizationReversed':
      return [...announced(event.data.message), plain(event.data.status), ...flagged(event.data.flags)];
    case 'PendingCreditExpired':
      return [plain(event.data.transactionId), plain(event.data.status)];
    case 'AuthorizationReversed':
      return [...released(event.data), plain(event.data.message.cardId), ...flagged(event.data.flags)];
    case 'AuthorizationExpired':
    case 'LateApprovalReleased':
      return released(event.data);
    case 'ReversalRefused':
      return [{ text: event.data.reason, tone: 'bad' }, plain(event.data.message.cardId)];
    case 'ReversalParked':
      return [plain(event.data.message.cardId), plain(`until ${event.data.parkedUntil}`)];
    case 'ClearingPosted': {
      const { data } = event;
      const currency = currencyOf(data.entry) ?? data.message.currency;
      return [
        plain(`posted ${format({ minor: data.postedMinor, currency })}${data.final ? '' : ', not final'}`),
        plain(data.message.cardId),
        ...merchant(data.message),
        plain(data.status),
        ...flagged(data.flags),
        ...left(data.balances, data.entry),
      ];
    }
    case 'ClearingSuspended':
    case 'RefundSuspended':
      return [plain(amountOf(event.data.message)), plain(event.data.message.cardId), ...flagged(event.data.flags)];
    case 'AnswerRepeated':
      return [plain(event.data.transactionId)];
    case 'MessageConflicted':
      return [{ text: '94 identity_conflict', tone: 'bad' }, plain(event.data.message.cardId)];
    case 'UnmatchedMessageRecorded': {
      const { message, decision, responseCode, reason } = event.data;
      return [
        { text: `${message.type} ${decision} ${responseCode} ${reason}`, tone: 'bad' },
        plain(amountOf(message)),
        plain(message.cardId),
      ];
    }
    case 'ClearingFileReceived':
    case 'ClearingFileRefused': {
      const { sender, sequence, businessDate, records } = event.data;
      const file = plain(`${sender} ${sequence} of ${businessDate}`);
      if (event.type === 'ClearingFileReceived') return [file, plain(`${records} records`)];
      return [file, { text: 'other content than before', tone: 'bad' }];
    }
    case 'ClearingFileApplied': {
      const { outcomes, currencies } = event.data.report;
      const counted = Object.entries(outcomes).filter(([, records]) => records > 0);
      const tone = isClean(event.data.report) ? 'good' : 'bad';
      return [
        { text: counted.map(([outcome, records]) => `${outcome} ${records}`).join(', '), tone },
        ...currencies
          .filter(({ differenceMinor }) => differenceMinor !== 0n)
          .map(({ differenceMinor: minor, currency }) => plain(`off by ${format({ minor, currency })}`)),
      ];
    }
    default:
      return event satisfies never;
  }
}

function plain(text: string): Fact {
  return { text };
}

function quoted(text: string): Fact {
  return plain(`“${text}”`);
}

function because(reason: string | undefined): readonly Fact[] {
  return reason === undefined ? [] : [quoted(reason)];
}

function amountOf({ amountMinor, currency }: NetworkMessage): string {
  return amountMinor === undefined ? `all, ${currency}` : format({ minor: amountMinor, currency });
}

/** A message that is told by its amount, card and merchant. */
function announced(message: NetworkMessage): readonly Fact[] {
  return [plain(amountOf(message)), plain(message.cardId), ...merchant(message)];
}

function merchant({ merchant }: NetworkMessage): readonly Fact[] {
  if (merchant === undefined) return [];
  const { name, id, mcc, country } = merchant;
  return [plain([name ?? id, mcc, country].filter((part) => part !== undefined).join(' '))];
}

function flagged(flags: readonly string[]): readonly Fact[] {
  return flags.length === 0 ? [] : [plain(`[${flags.join(', ')}]`)];
}

function suspended({ side, amountMinor, currency }: SuspenseSum): string {
  return `${side} of ${format({ minor: amountMinor, currency })}`;
}

function transferred(
  data: {
    readonly transferId: string;
    readonly amountMinor: bigint;
    readonly currency: CurrencyCode;
    readonly entry: Entry;
    readonly balances: Balances;
  },
  sign: '+' | '-',
  where: string,
): readonly Fact[] {
  return [
    {
      text: `${sign}${format({ minor: data.amountMinor, currency: data.currency })}`,
      tone: sign === '+' ? 'good' : 'bad',
    },
    plain(where),
    plain(data.transferId),
    ...left(data.balances, data.entry),
  ];
}

function released(data: {
  readonly taken: { readonly heldMinor: bigint };
  readonly status: string;
  readonly entry: Entry;
  readonly balances: Balances;
}): readonly Fact[] {
  const currency = currencyOf(data.entry);
  const amount = currency === undefined ? 'nothing' : format({ minor: data.taken.heldMinor, currency });
  return [plain(`released ${amount}`), plain(data.status), ...left(data.balances, data.entry)];
}

/** The account's currency, read from the leg that moves its money. */
function currencyOf(entry: Entry): CurrencyCode | undefined {
  return entry.find(({ account }) => account === 'available' || account === 'held')?.currency;
}

function left({ availableMinor, heldMinor }: Balances, entry: Entry): readonly Fact[] {
  const currency = currencyOf(entry);
  if (currency === undefined) return [];
  const text = `available ${formatMinor(availableMinor, currency)}, held ${formatMinor(heldMinor, currency)} ${currency}`;
  return [{ text, tone: 'dim' }];
}

/** Rates that a line names; of more it says how many. */
const RATES_SHOWN = 4;

function published({ source, validFrom, validUntil, rates }: RatesPublished['data']): readonly Fact[] {
  const shown = rates.slice(0, RATES_SHOWN).map(({ base, quote, rate }) => `${base}/${quote} ${rate}`);
  const more = rates.length - shown.length;
  if (more > 0) shown.push(`and ${more} more`);
  return [plain(shown.join(', ')), quoted(source), plain(`from ${validFrom} until ${validUntil}`)];
}

function holdExpiry({ lodging, carRental, cruise, fuel, other }: HoldExpiryDays): string {
  return `days: lodging ${lodging}, car rental ${carRental}, cruise ${cruise}, fuel ${fuel}, other ${other}`;
}

function controls({ limits, merchantCategories: { blocked, allowed } }: Controls): string {
  const parts = limits.map(({ amountMinor, window }) => `${amountMinor} a ${window.kind}`);
  if (blocked.length > 0) parts.push(`not ${blocked.join(' ')}`);
  if (allowed.length > 0) parts.push(`only ${allowed.join(' ')}`);
  return parts.length === 0 ? 'no controls' : parts.join(', ');
}
