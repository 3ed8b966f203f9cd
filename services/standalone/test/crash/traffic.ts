// traffic.ts: what the clients of a crash test do: many connections, each with one thing after another.

import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, listOf, textOf } from '../support/api.ts';
import { callOperation, messageOperation, type Operation, sendOperation } from './operation.ts';
import type { Random } from './random.ts';

export type TestCard = { readonly id: string; readonly accountId: string };

/** What the clients know: it only grows, over all the lives of the server. */
export type World = {
  readonly sender: string;
  readonly operations: Operation[];
  readonly accounts: string[];
  /** Always active. */
  readonly cards: TestCard[];
  /** Paused and resumed again and again, each by one client. */
  readonly switched: TestCard[];
  /** Of the operations: what reversals and clearings refer to. */
  readonly authorizations: Operation[];
  readonly problems: string[];
  programId: string;
  count: number;
};

export function newWorld(sender: string): World {
  const lists = { operations: [], authorizations: [], accounts: [], cards: [], switched: [], problems: [] };
  return { sender, ...lists, programId: '', count: 0 };
}

const ACCOUNTS = 3;
/** Without cards: nothing but transfers moves their money, so it lasts. */
const TREASURIES = 2;
const REST_MS = 20;
const MERCHANTS = ['5812', '5411', '5732', '7995'];
/** Beyond what a server waits at most: so that it waits that long each time a message is sent, the first or again. */
const WAIT_FOR_ANSWER_MS = 24 * 3_600_000;

/** Opens accounts with money and cards. May be cut off anywhere, and goes on where it was when it is called again. */
export async function setUp(api: Api, world: World): Promise<void> {
  const [account] = listOf((await api.get('/v1/accounts')).body, 'data');
  if (account === undefined) throw new Error('the sandbox has no accounts');
  world.programId = textOf(account, 'program_id');
  const { programId } = world;
  for (let n = 0; n < ACCOUNTS + TREASURIES; n += 1) {
    const body = { program_id: programId, currency: 'EUR', name: `crash ${n}` };
    const opened = await ensure(
      api,
      world,
      callOperation('account', '/v1/accounts', body, `account-${n}`, { programId }),
    );
    const accountId = textOf(opened, 'id');
    if (!world.accounts.includes(accountId)) world.accounts.push(accountId);
    const path = `/v1/accounts/${accountId}/deposits`;
    await ensure(api, world, callOperation('deposit', path, { amount: 50_000_00, currency: 'EUR' }, `money-${n}`));
    for (const list of n < ACCOUNTS ? [world.cards, world.cards, world.switched] : []) {
      await issue(api, world, accountId, `card-${n}-${list === world.switched ? 'switched' : list.length}`, list);
    }
  }
}

async function ensure(api: Api, world: World, operation: Operation): Promise<NonNullable<Operation['answer']>['body']> {
  const known = world.operations.find(({ commandId }) => commandId === operation.commandId);
  const asked = known ?? operation;
  if (known === undefined) world.operations.push(operation);
  if (asked.answer === undefined) await send(api, world, asked);
  if (asked.answer === undefined) throw new Error(`${asked.kind} was not done: ${world.problems.at(-1)}`);
  return asked.answer.body;
}

async function issue(api: Api, world: World, accountId: string, key: string, into: TestCard[]): Promise<void> {
  const { programId } = world;
  const card = await ensure(
    api,
    world,
    callOperation('card', '/v1/cards', { account_id: accountId }, key, { programId }),
  );
  const id = textOf(card, 'id');
  if (!into.some((known) => known.id === id)) into.push({ id, accountId });
}

async function send(api: Api, world: World, operation: Operation): Promise<void> {
  const problem = await sendOperation(api, operation);
  if (problem !== undefined) world.problems.push(problem);
}

/** Sends until it is stopped, and rests when no answer came. Client 0, 1 … switch a card each. */
export async function client(api: Api, world: World, random: Random, number: number, stopped: () => boolean) {
  const switched = world.switched[number];
  while (!stopped()) {
    const operation =
      switched !== undefined && random.below(4) === 0 ? toggle(world, switched) : nextOperation(world, random);
    try {
      await send(api, world, operation);
    } catch {
      await sleep(REST_MS);
    }
  }
}

function toggle(world: World, card: TestCard): Operation {
  const last = world.operations.findLast(
    ({ kind, cardId }) => cardId === card.id && (kind === 'pause' || kind === 'resume'),
  );
  const kind = last?.kind === 'pause' ? 'resume' : 'pause';
  const path = `/v1/cards/${card.id}/${kind}`;
  return added(world, callOperation(kind, path, {}, `switch-${next(world)}`, { cardId: card.id }));
}

function nextOperation(world: World, random: Random): Operation {
  const chance = random.below(100);
  if (chance < 12) return random.pick(world.operations);
  if (chance < 16) {
    const path = `/v1/accounts/${random.pick(world.accounts)}/deposits`;
    const body = { amount: 1 + random.below(100_00), currency: 'EUR' };
    return added(world, callOperation('deposit', path, body, `deposit-${next(world)}`));
  }
  if (chance < 19) return transfer(world, random);
  if (chance < 20) {
    const { programId } = world;
    const body = { account_id: random.pick(world.accounts) };
    return added(world, callOperation('card', '/v1/cards', body, `extra-${next(world)}`, { programId }));
  }
  if (chance < 40) return followUp(world, random) ?? authorization(world, random);
  return authorization(world, random);
}

/** Between the accounts without cards, in either direction. */
function transfer(world: World, random: Random): Operation {
  const [one = '', two = ''] = world.accounts.slice(ACCOUNTS);
  const [source, target] = random.below(2) === 0 ? [one, two] : [two, one];
  const body = { to_account_id: target, amount: 1 + random.below(5_00), currency: 'EUR' };
  return added(world, callOperation('transfer', `/v1/accounts/${source}/transfers`, body, `transfer-${next(world)}`));
}

function authorization(world: World, random: Random): Operation {
  const card = random.pick(random.below(3) === 0 ? world.switched : world.cards);
  const merchant = { id: 'M1', name: 'ACME', country: 'DE', mcc: random.pick(MERCHANTS) };
  const body = { type: 'authorization', ...base(world, card.id), amount: 1 + random.below(200_00), merchant };
  const partial = random.below(4) === 0 ? { partial_approval: true } : {};
  return added(world, messageOperation('authorization', { ...body, ...partial }, card.id, world.sender));
}

/** A reversal or a clearing of something that was sent, answered or not. */
function followUp(world: World, random: Random): Operation | undefined {
  const sent = world.authorizations.slice(-200);
  if (sent.length === 0) return undefined;
  const { body: original, cardId = '' } = random.pick(sent);
  const reference = {
    type: 'authorization',
    stan: original.stan,
    transmitted_at: original.transmitted_at,
    acquirer_id: original.acquirer_id,
  };
  const common = { ...base(world, cardId), original: reference };
  const amount = Math.max(1, Math.floor((Number(original.amount) * (1 + random.below(120))) / 100));
  if (random.below(2) === 0) {
    const { merchant } = original;
    const body = { type: 'clearing', ...common, amount, merchant, final: random.below(3) > 0 };
    return added(world, messageOperation('clearing', body, cardId, world.sender));
  }
  const part = random.below(2) === 0 ? {} : { amount };
  const type = random.below(2) === 0 ? 'reversal' : 'reversal_advice';
  return added(world, messageOperation('reversal', { type, ...common, ...part }, cardId, world.sender));
}

function base(world: World, cardId: string) {
  const number = next(world);
  const now = Date.now();
  return {
    network: 'visa',
    card: { id: cardId },
    currency: 'EUR',
    acquirer_id: '400123',
    terminal_id: `T${Math.floor(number / 1_000_000)}`,
    stan: String(number % 1_000_000).padStart(6, '0'),
    transmitted_at: new Date(now).toISOString(),
    answer_by: new Date(now + WAIT_FOR_ANSWER_MS).toISOString(),
  };
}

function next(world: World): number {
  world.count += 1;
  return world.count;
}

function added(world: World, operation: Operation): Operation {
  world.operations.push(operation);
  if (operation.kind === 'authorization') world.authorizations.push(operation);
  return operation;
}
