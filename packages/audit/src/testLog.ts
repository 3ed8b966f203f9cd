// testLog.ts: for tests: writes a true log with the domain's own decisions, or any event at all.

import {
  type Account,
  type AccountCommand,
  type AccountEvent,
  type CommandId,
  type DecidableMessage,
  type DomainEvent,
  decideAccount,
  decideMessage,
  evolveAccount,
  evolveProgram,
  newAccount,
  type Program,
  type ProgramEvent,
} from '@holdfast/domain';
import {
  accountId,
  accountStream,
  cardId,
  cardStream,
  commandIdOf,
  contentHashOf,
  depositId,
  encode,
  eventId,
  programId,
  programStream,
  transactionId,
} from '@holdfast/events';
import type { EventToAppend, Journal } from '@holdfast/journal';
import { type CurrencyCode, currencyOf } from '@holdfast/money';

export const EUR: CurrencyCode = currencyOf('EUR').code;
export const START = Date.UTC(2026, 2, 1, 12);

export type Written = { readonly stream: string; readonly revision: number };

/** Appends events one command after another, a second apart unless `at` says when. */
export function logWriter(journal: Journal) {
  const revisions = new Map<string, number>();
  let commands = 0;
  let clock = START;

  async function append(stream: string, events: readonly EventToAppend[]): Promise<Written> {
    const last = revisions.get(stream);
    const { revision } = await journal.append(stream, last ?? 'no_stream', events);
    revisions.set(stream, revision);
    return { stream, revision };
  }

  return {
    append,
    tick: (ms = 1_000): number => {
      clock += ms;
      return clock;
    },
    command: (): CommandId => {
      commands += 1;
      return commandIdOf('test', String(commands));
    },
    /** Encodes and appends the events of one command. */
    async write(
      stream: string,
      events: readonly DomainEvent[],
      { command, at }: { readonly command: CommandId; readonly at: number },
    ): Promise<Written> {
      const metadata = {
        occurredAt: at,
        commandId: command,
        contentHash: contentHashOf(command),
        correlationId: 'test',
        actor: 'test',
      };
      return append(
        stream,
        events.map((event, index) => {
          const encoded = encode(event, metadata);
          const id = eventId(stream, command, index, encoded.type, encoded.data, encoded.metadata);
          return { id, ...encoded };
        }),
      );
    },
    revisionOf: (stream: string): number => revisions.get(stream) ?? -1,
  };
}

export type LogWriter = ReturnType<typeof logWriter>;

/** An account in a program of its own, with money and a card, whose further events are decided by the domain. */
export async function openTestAccount(log: LogWriter, name = 'one') {
  const ids = { program: programId(name), account: accountId(name), card: cardId(name) };
  const stream = accountStream(ids.account);
  const account: Account = newAccount();
  const created = { type: 'ProgramCreated', data: { programId: ids.program, name, holdExpiryDays: 7 } } as const;
  const command = log.command();
  const at = log.tick();
  await log.write(programStream(ids.program), [created], { command, at });
  const metadata = { occurredAt: at, commandId: command, correlationId: 'test', actor: 'test' };
  let program: Program = evolveProgram(undefined, { ...created, metadata, revision: 0 });

  /** A change of the program that decisions from now on are by. */
  async function change(event: ProgramEvent): Promise<void> {
    const command = log.command();
    const at = log.tick();
    await log.write(programStream(ids.program), [event], { command, at });
    const revision = log.revisionOf(programStream(ids.program));
    program = evolveProgram(program, {
      ...event,
      metadata: { ...metadata, commandId: command, occurredAt: at },
      revision,
    });
  }

  async function write(events: readonly AccountEvent[], command: CommandId, at: number): Promise<Written> {
    const first = log.revisionOf(stream) + 1;
    const written = await log.write(stream, events, { command, at });
    for (const [index, event] of events.entries()) {
      const metadata = {
        occurredAt: at,
        commandId: command,
        contentHash: contentHashOf(command),
        correlationId: 'test',
        actor: 'test',
      };
      evolveAccount(account, { ...event, metadata, revision: first + index });
    }
    return written;
  }

  async function manage(command: AccountCommand): Promise<Written> {
    const events = decideAccount(account, command, program);
    if ('refusal' in events) throw new Error(events.refusal);
    return write(events, log.command(), log.tick());
  }

  async function send(message: DecidableMessage): Promise<readonly AccountEvent[]> {
    const command = log.command();
    const now = log.tick();
    const decision = decideMessage(account, message, {
      now,
      answerBy: now + 5_000,
      commandId: command,
      contentHash: contentHashOf(command),
      program,
      transactionId: transactionId(command),
      authorizationCode: 'A1B2C3',
    });
    if (decision.kind !== 'decided') throw new Error(`the message was ${decision.kind}`);
    await write(decision.events, command, now);
    return decision.events;
  }

  await manage({ type: 'openAccount', accountId: ids.account, programId: ids.program, currency: EUR, name });
  await manage({
    type: 'deposit',
    accountId: ids.account,
    depositId: depositId(name),
    amountMinor: 100_000n,
    currency: EUR,
  });
  const { account: accountOf, program: programOf, card } = ids;
  const claim = {
    type: 'CardNumberClaimed',
    data: { cardId: card, accountId: accountOf, programId: programOf, fingerprintKeyId: 'test' },
  } as const;
  await log.write(cardStream(card), [claim], { command: log.command(), at: log.tick() });
  await manage({
    type: 'issueCard',
    accountId: accountOf,
    cardId: card,
    bin: '999999',
    last4: '0119',
    expiry: '3012',
    fingerprintKeyId: 'test',
    carried: [],
  });
  return {
    programId: ids.program,
    accountId: ids.account,
    cardId: ids.card,
    stream,
    account,
    change,
    manage,
    send,
    write,
  };
}

export type TestAccount = Awaited<ReturnType<typeof openTestAccount>>;
