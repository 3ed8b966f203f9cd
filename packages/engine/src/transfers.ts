// transfers.ts: takes a transfer through its steps: sent, received or refused, completed or returned. Each step is a command of
// its own stream under an id that all engines share, so whoever takes it up again finds what was done.

import {
  type Account,
  type AccountId,
  type DomainEvent,
  InvariantBroken,
  type Recorded,
  type Transfer,
  type TransferCommand,
  type TransferId,
  transferStepId,
} from '@holdfast/domain';
import { contentHashOf } from '@holdfast/events';
import type { Position } from '@holdfast/journal';
import type { CommandContext, CommandOutcome, Transfer as Send, TransferOutcome } from './engine.ts';
import { createUnderWay } from './underWay.ts';

export type TransferSurroundings = {
  readonly execute: (command: TransferCommand, context: CommandContext) => Promise<CommandOutcome>;
  readonly account: (accountId: AccountId) => Promise<Account>;
  /** As its source has it; undefined once it is finished. */
  readonly unfinished: (source: AccountId, transferId: TransferId) => Promise<Transfer | undefined>;
};

export type Transfers = {
  /** Resolves once it was received or has come back, and all that is durable. Again: the same. */
  send(command: Send, context: CommandContext): Promise<CommandOutcome>;
  /** Takes one up that was left unfinished. False when there was nothing to do. */
  resume(source: AccountId, transferId: TransferId): Promise<boolean>;
  /** Resolves when none is under way here. */
  settled(): Promise<void>;
};

export function createTransfers({ execute, account, unfinished }: TransferSurroundings): Transfers {
  const { track, settled } = createUnderWay();

  async function send(command: Send, context: CommandContext): Promise<CommandOutcome> {
    const { opened, status } = await account(command.target);
    const targetFacts = opened && { programId: opened.programId, currency: opened.currency, status };
    const sent = await execute({ ...command, type: 'sendTransfer', targetFacts }, context);
    if (!sent.done) return sent;
    return { ...sent, ...(await finish(command.accountId, sentBy(sent.event))) };
  }

  async function resume(source: AccountId, transferId: TransferId): Promise<boolean> {
    const transfer = await unfinished(source, transferId);
    if (transfer === undefined) return false;
    await finish(source, transfer);
    return true;
  }

  /** The steps after it was sent, those that were taken before as well: then they answer what they did. */
  async function finish(
    source: AccountId,
    transfer: Transfer,
  ): Promise<{ transfer: TransferOutcome; position: Position }> {
    const { transferId, target, commandId, correlationId, ...sum } = transfer;
    const context = (step: 'receive' | 'finish'): CommandContext => ({
      ...{ commandId: transferStepId(transferId, step), contentHash: contentHashOf(`${transferId} ${step}`) },
      ...{ actor: 'system', correlationId, causationId: commandId },
    });
    const facts = { accountId: target, transferId, source, ...sum };
    const { event } = done(await execute({ type: 'receiveTransfer', ...facts }, context('receive')));
    const refused = event.type === 'TransferRefused' ? event.data.reason : undefined;
    const last = { type: 'finishTransfer', accountId: source, transferId, refused } as const;
    const { position } = done(await execute(last, context('finish')));
    return {
      transfer: refused === undefined ? { status: 'received' } : { status: 'returned', reason: refused },
      position,
    };
  }

  return {
    send: (command, context) => track(send(command, context)),
    resume: (source, transferId) => track(resume(source, transferId)),
    settled,
  };
}

function sentBy({ type, data, metadata: { commandId, correlationId } }: Recorded<DomainEvent>): Transfer {
  if (type !== 'TransferSent') throw new InvariantBroken(`a transfer that was sent by ${type}`);
  const { transferId, target, amountMinor, currency, reference } = data;
  const note = reference === undefined ? {} : { reference };
  return { transferId, target, amountMinor, currency, ...note, commandId, correlationId };
}

/** No step after the first can be refused. */
function done(outcome: CommandOutcome): Extract<CommandOutcome, { readonly done: true }> {
  if (!outcome.done) throw new InvariantBroken(`a step of a transfer was refused: ${outcome.refusal}`);
  return outcome;
}
