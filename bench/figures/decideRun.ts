// decideRun.ts: the process that decides and evolves, on one thread, with everything that is not the domain's prepared.

import {
  type Account,
  type AccountEvent,
  type AuthorizationMessage,
  type CommandId,
  type ContentHash,
  decideMessage,
  evolveAccount,
  fromIso,
  type MessageContext,
  newAccount,
  type Recorded,
  usualHoldExpiry,
} from '@holdfast/domain';
import { commandIdOf, contentHashOf, limitId, transactionId } from '@holdfast/events';
import { given, serve } from '../support/parent.ts';
import { processorMs } from '../support/processorTime.ts';
import { authorizationMessage } from '../support/submissions.ts';
import { BLOCKED_CATEGORIES, cardAt, DAILY_LIMIT_MINOR, EUR, PROGRAM, TIME_ZONE } from '../support/world.ts';

export type DecideGiven = { readonly history: readonly number[]; readonly rounds: number; readonly each: number };
/** Decisions a second, by round, for each history. */
export type DecideRun = readonly (readonly number[])[];

const { history, rounds, each } = given<DecideGiven>();
const card = cardAt(0);
const START = fromIso('2026-03-01T12:00:00.000Z');
const program = {
  programId: PROGRAM,
  name: 'Bench',
  status: 'active',
  holdExpiry: usualHoldExpiry(7),
  rates: {},
  markupBasisPoints: 0,
  version: 0,
  createdAt: 0,
} as const;

type World = { readonly account: Account; revision: number; n: number };

function newWorld(): World {
  const world = { account: newAccount(), revision: 0, n: 0 };
  const { accountId, cardId, number } = card;
  const balances = { availableMinor: 900_000_000_000n, heldMinor: 0n };
  const entry = [
    { account: 'bank', currency: EUR, debitMinor: balances.availableMinor },
    { account: 'available', currency: EUR, creditMinor: balances.availableMinor },
  ] as const;
  const facts = { bin: '999999', last4: number.slice(-4), expiry: '3912', fingerprintKeyId: 'k' };
  const limit = {
    id: limitId('bench'),
    amountMinor: DAILY_LIMIT_MINOR,
    window: { kind: 'day', timeZone: TIME_ZONE },
  } as const;
  const events: AccountEvent[] = [
    { type: 'AccountOpened', data: { accountId, programId: PROGRAM, currency: EUR, creditLineMinor: 0n } },
    {
      type: 'FundsDeposited',
      data: { depositId: 'dep' as never, amountMinor: balances.availableMinor, currency: EUR, entry, balances },
    },
    { type: 'CardIssued', data: { cardId, kind: 'virtual', ...facts, carried: [] } },
    {
      type: 'CardControlsSet',
      data: { cardId, controls: { limits: [limit], merchantCategories: { blocked: BLOCKED_CATEGORIES, allowed: [] } } },
    },
  ];
  for (const event of events) record(world, event, START, commandIdOf(event.type), contentHashOf(event.type));
  return world;
}

function record(
  world: World,
  event: AccountEvent,
  occurredAt: number,
  commandId: CommandId,
  contentHash: ContentHash,
): void {
  const metadata = { occurredAt, commandId, contentHash, correlationId: 'bench', actor: 'bench', programId: PROGRAM };
  const recorded: Recorded<AccountEvent> = { ...event, metadata, revision: world.revision++ };
  evolveAccount(world.account, recorded);
}

type Prepared = { readonly message: AuthorizationMessage; readonly context: MessageContext };

/** What the edge makes of a message before it is decided. */
function prepare(world: World, count: number): readonly Prepared[] {
  return Array.from({ length: count }, () => {
    const n = world.n++;
    // 20 a second, so that a long history crosses midnights.
    const now = START + n * 50;
    const commandId = commandIdOf('decide', String(n));
    return {
      message: authorizationMessage(card.cardId, n, now),
      context: {
        now,
        answerBy: now + 5_000,
        commandId,
        contentHash: contentHashOf(commandId),
        program,
        transactionId: transactionId(commandId),
        authorizationCode: 'A1B2C3',
      },
    };
  });
}

function decideAll(world: World, prepared: readonly Prepared[]): number {
  const begun = processorMs();
  for (const { message, context } of prepared) {
    const decision = decideMessage(world.account, message, context);
    if (decision.kind !== 'decided') throw new Error(`a decision was ${decision.kind}`);
    for (const event of decision.events) {
      if (event.type !== 'AuthorizationApproved') throw new Error(`the decision was ${event.type}`);
      record(world, event, context.now, context.commandId, context.contentHash);
    }
  }
  return processorMs() - begun;
}

function worldAfter(length: number): World {
  const world = newWorld();
  for (let left = length; left > 0; left -= 10_000) decideAll(world, prepare(world, Math.min(left, 10_000)));
  return world;
}

await serve(async () => {
  worldAfter(50_000);
  const rates = history.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [at, length] of history.entries()) {
      const world = worldAfter(length);
      // What the last round left behind is not this one's.
      globalThis.gc?.();
      let ms = 0;
      for (let done = 0; done < each; done += 1_000) ms += decideAll(world, prepare(world, 1_000));
      rates[at]?.push((each / ms) * 1_000);
    }
  }
  return { ready: rates };
});
