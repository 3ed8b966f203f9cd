// world.ts: for tests: programs, accounts and cards on a real embedded log, every event decided by the domain.

import {
  type Account,
  type AccountCommand,
  type AccountEvent,
  type AccountId,
  type CardId,
  type CommandId,
  type DecidableMessage,
  decideAccount,
  decideMessage,
  decideTimer,
  type EventMetadata,
  evolveAccount,
  evolveProgram,
  type Instant,
  newAccount,
  type Program,
  type ProgramEvent,
  type TimerCommand,
} from '@holdfast/domain';
import {
  accountId,
  accountStream,
  cardId,
  commandIdOf,
  contentHashOf,
  depositId,
  encode,
  eventId,
  programId,
  programStream,
  transactionId,
} from '@holdfast/events';
import { type Journal, openSqliteJournal, type Position } from '@holdfast/journal';
import { type CurrencyCode, isCurrencyCode } from '@holdfast/money';

/** Everything decides at once and is on its way to the log; `written` says when it is there. */
export type World = {
  readonly journal: Journal;
  readonly accounts: ReadonlyMap<AccountId, Account>;
  now(): Instant;
  pass(ms: number): void;
  createProgram(name: string): Program;
  changeProgram(event: ProgramEvent): void;
  openAccount(program: Program, currency: string): AccountId;
  issueCard(account: AccountId, label?: string): CardId;
  deposit(account: AccountId, amountMinor: bigint): void;
  command(account: AccountId, command: AccountCommand): void;
  /** The same `identity` on the same card is a repeat, or with other content a conflict. */
  send(account: AccountId, message: DecidableMessage, identity?: string): readonly AccountEvent[];
  timer(account: AccountId, command: TimerCommand): void;
  /** An event as it stands, whatever it says. */
  appendRaw(stream: string, type: string, data: string): void;
  /** Position of the last event. */
  written(): Promise<Position>;
  close(): Promise<void>;
};

/** A clock of its own; ids depend on the calls before alone, so the same calls write the same log. */
export async function openWorld(directory: string): Promise<World> {
  const journal = await openSqliteJournal({ directory });
  const programs = new Map<string, Program>();
  const accounts = new Map<AccountId, Account>();
  const revisions = new Map<string, number>();
  let appends: Promise<unknown>[] = [];
  let now = Date.parse('2026-03-01T12:00:00.000Z');
  let names = 0;
  const name = (kind: string): string => `${kind}-${++names}`;

  type Encoded = { readonly type: string; readonly data: string; readonly metadata: string };

  /** The revision of the first one. */
  function append(stream: string, commandId: CommandId, events: readonly Encoded[]): number {
    const before = revisions.get(stream);
    const withIds = events.map((event, index) => ({
      id: eventId(stream, commandId, index, event.type, event.data, event.metadata),
      ...event,
    }));
    appends.push(journal.append(stream, before ?? 'no_stream', withIds));
    const first = (before ?? -1) + 1;
    revisions.set(stream, first + events.length - 1);
    return first;
  }

  const metadataOf = (commandId: CommandId, content: string): EventMetadata => ({
    ...{ occurredAt: now, commandId, contentHash: contentHashOf(content), correlationId: 'test', actor: 'test' },
  });

  function record(id: AccountId, events: readonly AccountEvent[], commandId: CommandId, content = ''): void {
    if (events.length === 0) return;
    const metadata = metadataOf(commandId, content);
    const encoded = events.map((event) => encode(event, metadata));
    const first = append(accountStream(id), commandId, encoded);
    for (const [at, event] of events.entries())
      evolveAccount(accountOf(id), { ...event, metadata, revision: first + at });
  }

  function changeProgram(event: ProgramEvent): Program {
    const { programId } = event.data;
    const commandId = commandIdOf(name('program'));
    const metadata = metadataOf(commandId, '');
    const revision = append(programStream(programId), commandId, [encode(event, metadata)]);
    const program = evolveProgram(programs.get(programId), { ...event, metadata, revision });
    programs.set(programId, program);
    return program;
  }

  function command(id: AccountId, command: AccountCommand, program = programOf(id)): void {
    const decided = decideAccount(accountOf(id), command, program);
    if ('refusal' in decided) throw new Error(decided.refusal);
    record(id, decided, commandIdOf(name('command')));
  }

  function accountOf(id: AccountId): Account {
    const account = accounts.get(id);
    if (account === undefined) throw new Error(`no account ${id}`);
    return account;
  }

  function openedOf(id: AccountId): NonNullable<Account['opened']> {
    const { opened } = accountOf(id);
    if (opened === undefined) throw new Error(`account ${id} is not open`);
    return opened;
  }

  function programOf(id: AccountId): Program {
    const program = programs.get(openedOf(id).programId);
    if (program === undefined) throw new Error(`no program of ${id}`);
    return program;
  }

  return {
    journal,
    accounts,
    now: () => now,
    pass: (ms) => {
      now += ms;
    },
    createProgram: (label) => {
      const id = programId(name('program'));
      return changeProgram({ type: 'ProgramCreated', data: { programId: id, name: label, holdExpiryDays: 7 } });
    },
    changeProgram,
    openAccount: (program, code) => {
      const id = accountId(name('account'));
      accounts.set(id, newAccount());
      const { programId } = program;
      command(id, { type: 'openAccount', accountId: id, programId, currency: currency(code), name: 'Travel' }, program);
      return id;
    },
    issueCard: (id, label) => {
      const card = cardId(name('card'));
      command(id, {
        ...{ type: 'issueCard', accountId: id, cardId: card, bin: '476173', last4: '0119', expiry: '3112' },
        ...{ fingerprintKeyId: 'test', carried: [] },
        ...(label === undefined ? {} : { label }),
      });
      return card;
    },
    deposit: (id, amountMinor) => {
      const { currency } = openedOf(id);
      command(id, { type: 'deposit', accountId: id, depositId: depositId(name('deposit')), amountMinor, currency });
    },
    command: (id, sent) => command(id, sent),
    send: (id, message, identity = name('message')) => {
      const content = JSON.stringify(message, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
      const commandId = commandIdOf(identity, message.cardId);
      const decision = decideMessage(accountOf(id), message, {
        ...{ now, answerBy: now + 5_000, commandId, contentHash: contentHashOf(content), program: programOf(id) },
        ...{ transactionId: transactionId(commandId), authorizationCode: 'A1B2C3' },
      });
      if (decision.kind === 'recorded_elsewhere') throw new Error(`recorded in ${decision.stream}`);
      const by = decision.kind === 'decided' ? decision.commandId : commandIdOf(name('repeat'));
      record(id, decision.events, by, content);
      return decision.events;
    },
    timer: (id, timer) => record(id, decideTimer(accountOf(id), timer, now), commandIdOf(name('timer'))),
    appendRaw: (stream, type, data) => {
      const occurredAt = new Date(now).toISOString();
      const metadata = `{"schemaVersion":1,"occurredAt":"${occurredAt}","commandId":"c","correlationId":"c","actor":"test"}`;
      append(stream, commandIdOf(name('raw')), [{ type, data, metadata }]);
    },
    written: async () => {
      await Promise.all(appends);
      appends = [];
      return journal.head();
    },
    close: async () => {
      await Promise.all(appends);
      await journal.close();
    },
  };
}

export function currency(code: string): CurrencyCode {
  if (!isCurrencyCode(code)) throw new Error(`${code} is no currency`);
  return code;
}
