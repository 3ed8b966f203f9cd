// logReplay.ts: the state of every program, card number and account, each replayed from its own stream.

import {
  type AccountEvent,
  type AccountId,
  type Authorizer,
  type AuthorizerEvent,
  type CardClaimEvent,
  type CardId,
  type ClearingFile,
  type ClearingFileEvent,
  type ClearingFileId,
  type DomainEvent,
  evolveAuthorizer,
  evolveClearingFile,
  InvariantBroken,
  type ProgramEvent,
  type ProgramId,
  type Recorded,
} from '@holdfast/domain';
import { accountStream, type ParsedStream, STREAM_PREFIXES } from '@holdfast/events';
import type { CurrencyCode } from '@holdfast/money';
import { type AccountReplay, replayAccount } from './accountReplay.ts';
import { belongsTo } from './categories.ts';
import type { Report } from './decideAgain.ts';
import { programVersions } from './programVersions.ts';
import { suspenseChecks } from './suspenseChecks.ts';
import { transactionStore } from './transactionStore.ts';
import { transferChecks } from './transferChecks.ts';

export type LogReplay = {
  /** The next event of `stream`. `report` is told of all that does not hold. */
  add(stream: ParsedStream, event: Recorded<DomainEvent>, report: Report): void;
  /** An event of an account that another share replays: only what several accounts say of one thing is held together. */
  addToCross(stream: ParsedStream, event: Recorded<DomainEvent>, report: Report): void;
  /** The stream cannot be replayed from here on: an event is missing or unreadable. */
  stop(stream: ParsedStream): void;
  /** Reports what does not hold of any account as it is now. */
  lookAtAll(report: (stream: string, what: string) => void): void;
  counts(): {
    readonly programs: number;
    readonly accounts: number;
    readonly cards: number;
    readonly transactions: number;
  };
  /** What must stand in these ledger accounts, in each currency: debits above zero. */
  expected(): Readonly<Record<'in_transit' | 'suspense', ReadonlyMap<CurrencyCode, bigint>>>;
  close(): void;
};

/** `inMemory` says how many transactions stay in memory; `cross`, whether what spans accounts is checked here. */
export function openLogReplay(inMemory?: number, cross = true): LogReplay {
  const store = transactionStore(inMemory);
  const programs = programVersions();
  const accounts = new Map<AccountId, AccountReplay>();
  const claims = new Map<CardId, AccountId>();
  const transfers = transferChecks();
  const suspense = suspenseChecks();
  const authorizers = new Map<string, Authorizer>();
  const clearingFiles = new Map<ClearingFileId, ClearingFile>();
  let cards = 0;

  function accountOf(id: AccountId): AccountReplay {
    let replay = accounts.get(id);
    if (replay === undefined) {
      replay = replayAccount(programs.at, store);
      accounts.set(id, replay);
    }
    return replay;
  }

  function addToAccount(id: AccountId, event: Recorded<AccountEvent>, report: Report): void {
    if (event.type === 'AccountOpened' && event.data.accountId !== id) foreign(event.data.accountId, report);
    if (event.type === 'CardIssued') {
      cards += 1;
      if (claims.get(event.data.cardId) !== id) {
        report('unclaimed_card', `${event.data.cardId} was issued without claiming its number for this account`);
      }
    }
    if (cross) addAcross(id, event, report);
    accountOf(id).add(event, report);
  }

  function addAcross(id: AccountId, event: Recorded<AccountEvent>, report: Report): void {
    transfers.add(id, event, report);
    suspense.add(accountStream(id), id, event, report);
  }

  function addToProgram(id: ProgramId, event: Recorded<ProgramEvent>, report: Report): void {
    if (event.data.programId !== id) foreign(event.data.programId, report);
    holds(report, () => programs.add(id, event));
  }

  function addToAuthorizer(name: string, event: Recorded<AuthorizerEvent>, report: Report): void {
    if (event.data.name !== name) foreign(event.data.name, report);
    holds(report, () => authorizers.set(name, evolveAuthorizer(authorizers.get(name), event)));
  }

  function addToClearingFile(id: ClearingFileId, event: Recorded<ClearingFileEvent>, report: Report): void {
    if (event.data.clearingFileId !== id) foreign(event.data.clearingFileId, report);
    holds(report, () => clearingFiles.set(id, evolveClearingFile(clearingFiles.get(id), event)));
  }

  function addClaim(id: CardId, event: Recorded<CardClaimEvent>, report: Report): void {
    if (event.data.cardId !== id) foreign(event.data.cardId, report);
    if (claims.has(id)) report('unclaimed_card', 'the number was claimed before');
    else claims.set(id, event.data.accountId);
  }

  return {
    add(stream, event, report) {
      if (stream.category === 'account' && belongsTo('account', event)) addToAccount(stream.id, event, report);
      else if (stream.category === 'program' && belongsTo('program', event)) addToProgram(stream.id, event, report);
      else if (stream.category === 'card' && belongsTo('card', event)) addClaim(stream.id, event, report);
      else if (stream.category === 'authorizer' && belongsTo('authorizer', event))
        addToAuthorizer(stream.name, event, report);
      else if (stream.category === 'clearingfile' && belongsTo('clearingfile', event))
        addToClearingFile(stream.id, event, report);
      else if (stream.category === 'apikey' && belongsTo('apikey', event)) return;
      else if (stream.category === 'unmatched' && belongsTo('unmatched', event))
        suspense.add(`${STREAM_PREFIXES.unmatched}${stream.shard}`, undefined, event, report);
      else report('misplaced_event', `${event.type} does not belong in a stream of kind ${stream.category}`);
    },
    addToCross(stream, event, report) {
      if (stream.category === 'account' && belongsTo('account', event)) addAcross(stream.id, event, report);
    },
    stop(stream) {
      if (stream.category === 'account') accountOf(stream.id).stop();
    },
    lookAtAll(report) {
      for (const [id, replay] of accounts) for (const what of replay.look()) report(accountStream(id), what);
    },
    counts() {
      let transactions = 0;
      for (const replay of accounts.values()) transactions += replay.transactions;
      return { programs: programs.size, accounts: accounts.size, cards, transactions };
    },
    expected() {
      const { suspense: suspended, inTransit } = suspense.balances();
      const onTheirWay = new Map(inTransit);
      for (const [currency, sum] of transfers.inTransit()) {
        onTheirWay.set(currency, (onTheirWay.get(currency) ?? 0n) - sum);
      }
      return { in_transit: onTheirWay, suspense: suspended };
    },
    close: store.close,
  };
}

function foreign(id: string, report: Report): void {
  report('misplaced_event', `it is about ${id}, whose stream has another name`);
}

/** Reports what `evolve` finds broken. */
function holds(report: Report, evolve: () => void): void {
  try {
    evolve();
  } catch (error) {
    if (!(error instanceof InvariantBroken)) throw error;
    report('broken_invariant', error.message);
  }
}
