// program.ts: a program with an account and cards, and messages to send, in few words.

import type {
  AccountId,
  Answer,
  ApiKeyId,
  CardId,
  Controls,
  DecidableMessage,
  Instant,
  ProgramId,
} from '@holdfast/domain';
import {
  accountId,
  apiKeyId,
  cardId,
  commandIdOf,
  contentHashOf,
  contentHashOfMessage,
  depositId,
  identityOf,
  programId,
} from '@holdfast/events';
import { type CurrencyCode, currencyOf } from '@holdfast/money';
import type { CommandOutcome, Engine, ManagementCommand, MessageSubmission } from '../engine.ts';

export const EUR: CurrencyCode = currencyOf('EUR').code;
export const program: ProgramId = programId('test');
export const account: AccountId = accountId('test');
export const card: CardId = cardId('test');
export const apiKey: ApiKeyId = apiKeyId('test');

/** Carries out a command under a key of its own, or under the one given. */
export function execute(
  engine: Engine,
  command: ManagementCommand,
  key = JSON.stringify(command, plain),
): Promise<CommandOutcome> {
  return engine.execute(command, {
    commandId: commandIdOf('api', key),
    contentHash: contentHashOf(JSON.stringify(command, plain)),
    actor: 'key_test',
    correlationId: key.slice(0, 40),
  });
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** A program with one account holding `depositMinor` EUR cents and the given cards. */
export async function openProgram(
  engine: Engine,
  depositMinor = 100_00n,
  cards: readonly CardId[] = [card],
): Promise<void> {
  await execute(engine, { type: 'createProgram', programId: program, name: 'Test', holdExpiryDays: 7 });
  await execute(engine, { type: 'openAccount', accountId: account, programId: program, currency: EUR });
  if (depositMinor > 0n) await deposit(engine, depositMinor);
  for (const each of cards) await issue(engine, each);
}

export function deposit(engine: Engine, amountMinor: bigint, key = 'deposit'): Promise<CommandOutcome> {
  return execute(
    engine,
    { type: 'deposit', accountId: account, depositId: depositId(key), amountMinor, currency: EUR },
    key,
  );
}

export function issue(engine: Engine, which: CardId = card): Promise<CommandOutcome> {
  const facts = { bin: '999999', last4: '0000', expiry: '3012', fingerprintKeyId: 'test' };
  return execute(engine, { type: 'issueCard', accountId: account, cardId: which, ...facts });
}

/** Another program with an account and a card. */
export function another(name: string) {
  const ids = { program: programId(name), account: accountId(name), card: cardId(name) };
  const put = (engine: Engine, amountMinor: bigint) =>
    execute(engine, {
      type: 'deposit',
      accountId: ids.account,
      depositId: depositId(`${name} ${amountMinor}`),
      amountMinor,
      currency: EUR,
    });
  return {
    ...ids,
    deposit: put,
    authorization: (n: number, amountMinor: bigint) => authorization(n, amountMinor, { cardId: ids.card }),
    async open(engine: Engine): Promise<void> {
      await execute(engine, { type: 'createProgram', programId: ids.program, name, holdExpiryDays: 7 });
      await execute(engine, { type: 'openAccount', accountId: ids.account, programId: ids.program, currency: EUR });
      await put(engine, 100_00n);
      const facts = { bin: '999999', last4: '0000', expiry: '3012', fingerprintKeyId: 'test' };
      await execute(engine, { type: 'issueCard', accountId: ids.account, cardId: ids.card, ...facts });
    },
  };
}

export function setLimits(
  engine: Engine,
  which: CardId,
  limits: Controls['limits'],
  key: string,
): Promise<CommandOutcome> {
  const controls = { limits, merchantCategories: { blocked: [], allowed: [] } };
  return execute(engine, { type: 'setCardControls', cardId: which, controls }, key);
}

/** A message number `n` that differs from every other in its identity. */
export function authorization(
  n: number,
  amountMinor: bigint,
  fields: Partial<DecidableMessage> = {},
): DecidableMessage {
  return { ...base(n), type: 'authorization', amountMinor, ...fields } as DecidableMessage;
}

/** Refers to authorization `of` by its network transaction id. */
export function clearing(
  n: number,
  of: number,
  amountMinor: bigint,
  fields: Partial<DecidableMessage> = {},
): DecidableMessage {
  return { ...base(n), ...reference(of), type: 'clearing', amountMinor, ...fields } as DecidableMessage;
}

export function reversal(n: number, of: number, fields: Partial<DecidableMessage> = {}): DecidableMessage {
  return { ...base(n), ...reference(of), type: 'reversal', ...fields } as DecidableMessage;
}

function base(n: number) {
  return {
    cardId: card,
    network: 'visa',
    currency: EUR,
    merchant: { id: 'M1', mcc: '5812' },
    acquirerId: '400123',
    terminalId: 'T1',
    stan: String(n % 1_000_000).padStart(6, '0'),
    transmittedAt: new Date(Date.UTC(2026, 2, 1) + n * 1_000).toISOString(),
    ...reference(n),
  };
}

function reference(of: number) {
  return { networkTransactionId: `NT${of}`, rrn: String(of).padStart(12, '0') };
}

export function submission(message: DecidableMessage, answerBy: Instant): MessageSubmission {
  const { commandId } = identityOf(message, 'key_test');
  return {
    message,
    commandId,
    contentHash: contentHashOfMessage(message),
    answerBy,
    actor: 'key_test',
    correlationId: commandId,
  };
}

/** Sends a message that may take its time. */
export async function send(
  engine: Engine,
  message: DecidableMessage,
  answerBy = Number.MAX_SAFE_INTEGER,
): Promise<Answer> {
  return (await engine.submit(submission(message, Math.min(answerBy, LATEST)))).answer;
}
const LATEST = Date.UTC(2099, 0, 1);
