// sandbox.ts: makes the sandbox on an empty log, and completes one that a crash left half made.

import type { AccountId } from '@holdfast/domain';
import type { CommandContext, Engine, ManagementCommand } from '@holdfast/engine';
import {
  accountId,
  apiKeyId,
  apiKeyStream,
  CATEGORIES,
  commandIdOf,
  contentHashOf,
  depositId,
  programId,
  programStream,
  STREAM_PREFIXES,
} from '@holdfast/events';
import { expiryAfter, issueCard } from '@holdfast/issuing-service';
import type { JournalReader } from '@holdfast/journal';
import type { Vault } from '@holdfast/vault';
import { type PlannedCard, SANDBOX_ACCOUNTS, SANDBOX_PROGRAM } from './sandboxPlan.ts';

const PROGRAM_ID = programId('sandbox');
/** The key is issued last, so that a log with it has all of the sandbox. */
const API_KEY_ID = apiKeyId('sandbox');

export type SandboxState = 'none' | 'unfinished' | 'made';

/** `none` also for a log that somebody began without a sandbox. */
export async function sandboxState(log: JournalReader): Promise<SandboxState> {
  if (await exists(log, apiKeyStream(API_KEY_ID))) return 'made';
  return (await exists(log, programStream(PROGRAM_ID))) ? 'unfinished' : 'none';
}

/** Nobody has made anything yet; authorizers may have announced themselves. */
export async function isUnused(log: JournalReader): Promise<boolean> {
  const used = CATEGORIES.filter((category) => category !== 'authorizer');
  const filter = { streamPrefixes: used.map((category) => STREAM_PREFIXES[category]) };
  for await (const { events } of log.readAll({ filter })) if (events.length > 0) return false;
  return true;
}

/** Every step has an id of its own: what is there already stays as it is. `secretHash` is that of the first API key. */
export async function makeSandbox(
  engine: Engine,
  vault: Vault,
  { now, secretHash }: { readonly now: number; readonly secretHash: string },
): Promise<void> {
  await done(engine, { type: 'createProgram', programId: PROGRAM_ID, ...SANDBOX_PROGRAM }, step('program'));
  for (const { name, currency, depositMinor: amountMinor, cards } of SANDBOX_ACCOUNTS) {
    const id = accountId('sandbox', name);
    await done(
      engine,
      { type: 'openAccount', accountId: id, programId: PROGRAM_ID, currency, name },
      step('account', name),
    );
    const deposit = { depositId: depositId('sandbox', name), amountMinor, currency, reference: 'Sandbox money' };
    await done(engine, { type: 'deposit', accountId: id, ...deposit }, step('deposit', name));
    for (const card of cards) await issue(engine, vault, { accountId: id, name, card, now });
  }
  await done(
    engine,
    { type: 'issueApiKey', apiKeyId: API_KEY_ID, name: 'Sandbox', roles: ['admin', 'network'], secretHash },
    step('key'),
  );
}

type ToIssue = {
  readonly accountId: AccountId;
  readonly name: string;
  readonly card: PlannedCard;
  readonly now: number;
};

async function issue(engine: Engine, vault: Vault, { accountId, name, card, now }: ToIssue): Promise<void> {
  const { label, controls } = card;
  const context = step('card', name, label);
  // The number comes back too, and goes no further.
  const { done: issued } = await issueCard(engine, vault, { accountId, label, expiry: expiryAfter(now) }, context);
  if (issued.event.type !== 'CardIssued')
    throw new Error('the sandbox cannot be made: a card command did something else');
  const { cardId } = issued.event.data;
  await done(engine, { type: 'setCardControls', cardId, controls }, step('controls', name, label));
}

async function done(engine: Engine, command: ManagementCommand, context: CommandContext): Promise<void> {
  const outcome = await engine.execute(command, context);
  if (!outcome.done) throw new Error(`the sandbox cannot be made: ${command.type} was refused: ${outcome.refusal}`);
}

/** The content is not compared: a release that plans another sandbox completes the one that was begun. */
function step(...parts: readonly string[]): CommandContext {
  return {
    commandId: commandIdOf('sandbox', ...parts),
    contentHash: contentHashOf('sandbox'),
    actor: 'system',
    correlationId: 'sandbox',
  };
}

async function exists(log: JournalReader, stream: string): Promise<boolean> {
  for await (const events of log.readStream(stream, { limit: 1 })) if (events.length > 0) return true;
  return false;
}
