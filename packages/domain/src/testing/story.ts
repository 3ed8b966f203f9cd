// story.ts: what happened to one account so far, decided and evolved as the engine would, and checked after every event.

import type { CurrencyCode } from '@holdfast/money';
import { type Account, newAccount } from '../accounts/account.ts';
import { type AccountCommand, decideAccount } from '../accounts/decide.ts';
import { evolveAccount } from '../accounts/evolve.ts';
import { type Answer, answerOf } from '../authorization/answer.ts';
import type { MessageContext } from '../authorization/context.ts';
import { decideMessage } from '../authorization/decide.ts';
import type { DecidableMessage } from '../authorization/message.ts';
import { decideTimer, type TimerCommand } from '../authorization/timers.ts';
import { transactionIdOf } from '../authorization/transaction.ts';
import type { AccountEvent, Recorded } from '../events.ts';
import type { AccountId, CommandId, ContentHash, ProgramId, TransactionId } from '../ids.ts';
import { brokenByEvent, brokenByTransaction, brokenInvariants } from '../invariants.ts';
import { usualHoldExpiry } from '../programs/holdExpiry.ts';
import type { Program } from '../programs/program.ts';
import { NO_RATES } from '../programs/rates.ts';
import { fromIso, type Instant, SECOND_MS } from '../time.ts';
import { contentOf, EUR, identityOf } from './messages.ts';

export type Story = {
  readonly account: Account;
  readonly events: Recorded<AccountEvent>[];
  readonly accountId: AccountId;
  program: Program;
  currency: CurrencyCode;
  now: Instant;
  /** STANs given out. */
  messages: number;
  /** What the last step did. */
  last: Done;
};

export type Done = {
  readonly wrote: readonly AccountEvent[];
  readonly answer?: Answer;
  readonly refusal?: string;
};

export const START = '2026-03-01T12:00:00.000Z';

export function newStory(): Story {
  return {
    account: newAccount(),
    events: [],
    accountId: 'acct_main' as AccountId,
    program: {
      programId: 'prog_main' as ProgramId,
      name: 'Main',
      status: 'active',
      holdExpiry: usualHoldExpiry(7),
      rates: NO_RATES,
      markupBasisPoints: 0,
      version: 3,
      createdAt: 0,
    },
    currency: EUR,
    now: fromIso(START),
    messages: 0,
    last: { wrote: [] },
  };
}

/** Answered within 5 s, unless said. */
export function contextOf(
  { account: { lastOccurredAt }, program, now, messages }: Story,
  message: DecidableMessage,
  answerBy = now + 5 * SECOND_MS,
): MessageContext {
  const commandId = identityOf(message);
  return {
    now: Math.max(now, lastOccurredAt),
    answerBy,
    commandId,
    contentHash: contentOf(message),
    program,
    transactionId: `txn_${commandId}` as TransactionId,
    authorizationCode: `A${messages.toString().padStart(5, '0')}`,
  };
}

/** Decides a message and takes over what came of it. */
export function send(story: Story, message: DecidableMessage, answerBy?: Instant): Done {
  const context = contextOf(story, message, answerBy);
  const { commandId, contentHash } = context;
  const decision = decideMessage(story.account, deepFreeze(message), context);
  switch (decision.kind) {
    case 'decided': {
      record(story, decision.events, decision.commandId, contentHash);
      const [first] = decision.events;
      const answer = first === undefined ? undefined : answerOf(first);
      return { wrote: decision.events, ...(answer === undefined ? {} : { answer }) };
    }
    case 'repeated':
      record(story, decision.events, `repeat:${commandId}` as CommandId);
      return { wrote: decision.events, answer: decision.answer };
    case 'recorded_elsewhere':
      return { wrote: [], refusal: `recorded in ${decision.stream}` };
    default:
      return decision satisfies never;
  }
}

export function manage(story: Story, command: AccountCommand): Done {
  const decided = decideAccount(story.account, command, story.program);
  if ('refusal' in decided) return { wrote: [], refusal: decided.refusal };
  const key = `${command.type}:${story.events.length}`;
  record(story, decided, key as CommandId, `hash of ${key}` as ContentHash);
  return { wrote: decided };
}

export function time(story: Story, command: TimerCommand): Done {
  const wrote = decideTimer(story.account, command, story.now);
  record(story, wrote, `timer:${story.events.length}` as CommandId);
  return { wrote };
}

/** Appends events. Throws when one of them leaves the account as it must never be. */
export function record(
  story: Story,
  events: readonly AccountEvent[],
  commandId: CommandId,
  contentHash?: ContentHash,
): void {
  for (const event of events) {
    const metadata = {
      occurredAt: story.now,
      commandId,
      ...(contentHash === undefined ? {} : { contentHash }),
      correlationId: 'test',
      actor: 'test',
    };
    const recorded = deepFreeze({ ...event, metadata, revision: story.events.length });
    story.events.push(recorded);
    evolveAccount(story.account, recorded);
    const transactionId = transactionIdOf(event);
    const broken = [...brokenByEvent(story.account, recorded), ...brokenInvariants(story.account)];
    const transaction = transactionId === undefined ? undefined : story.account.transactions.get(transactionId);
    if (transaction !== undefined) broken.push(...brokenByTransaction(story.account, transaction));
    if (broken.length > 0) throw new Error(`after ${event.type}: ${broken.join('; ')}`);
  }
}

/** So that whoever changes an event or a message is found out. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const field of Object.values(value)) deepFreeze(field);
  }
  return value;
}
