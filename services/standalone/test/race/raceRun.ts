// raceRun.ts: processes on one event store that race for one account and one card limit, while its cards are paused, the
// limit is lowered, the whole program is paused and resumed, and one authorizer is killed and started again.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiKeyId } from '@holdfast/events';
import { freePort } from '../../../../tools/freePort.ts';
import { checkAnswers, checkBalances, type LogContents, readLog } from '../crash/checks.ts';
import { callOperation, messageOperation, type Operation, sendOperation } from '../crash/operation.ts';
import { type Random, seeded } from '../crash/random.ts';
import { newWorld, type World } from '../crash/traffic.ts';
import { type Api, isJson, sandboxApi, textOf } from '../support/api.ts';
import type { EventStoreProcess } from '../support/eventStoreProcess.ts';
import { type ServiceProcess, startService } from '../support/serviceProcess.ts';
import { slowLink } from '../support/slowLink.ts';
import { notStrict } from './strictness.ts';

export type RaceOptions = {
  readonly data: string;
  readonly seed: number;
  /** Of the second authorizer. */
  readonly kills: number;
  readonly eventStore: EventStoreProcess;
};

export type RaceReport = {
  readonly seed: number;
  readonly kills: number;
  readonly approved: number;
  readonly declined: number;
  /** Why, and how often. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Answered by both authorizers. */
  readonly compared: number;
  readonly programPauses: number;
  /** Calls that were told that a change is not yet in force, and sent again. */
  readonly notYetInForce: number;
  readonly problems: readonly string[];
};

const CLIENTS = 16;
const SENT_AT_ONCE = 32;
const PROBES = 4;
const NEWEST = 1_000;
const REST_MS = 20;
const LINK_MS = 60;
const MONEY = 100_00;
const LIMIT_HIGH = 150_00;
const LIMIT_LOW = 30_00;
const BEYOND_MS = 24 * 3_600_000;

export async function raceRun({ data, seed, kills, eventStore }: RaceOptions): Promise<RaceReport> {
  const random = seeded(seed);
  const world = newWorld(apiKeyId('sandbox'));
  const environment = { ...eventStore.environment, HOLDFAST_FINGERPRINT_KEY: randomBytes(32).toString('hex') };
  const [issuingPort, ...ports] = await Promise.all([freePort(), freePort(), freePort()]);
  const issuing = await startService(['issuing', '--data', data], issuingPort, environment);
  // The second hears of everything later than the first: that must not matter.
  const link = await linkTo(eventStore);
  const start = (at: number): Promise<ServiceProcess> => {
    const name = `authorizer-${at + 1}`;
    const here = at === 0 ? environment : { ...environment, ...link?.environment };
    return startService(['authorizer', '--name', name, '--data', join(data, name)], ports[at] ?? 0, here);
  };
  const authorizers = await Promise.all([start(0), start(1)]);
  const platform = await sandboxApi(issuing.address, data);
  const networks = await Promise.all(authorizers.map(({ address }) => sandboxApi(address, data)));
  let notYetInForce = 0;
  let programPauses = 0;
  let over = false;

  /** Sends it until it is answered. */
  async function certainly(operation: Operation): Promise<Operation> {
    world.operations.push(operation);
    while (operation.answer === undefined) {
      try {
        const problem = await sendOperation(platform, operation);
        if (problem !== undefined) throw new Error(problem);
      } catch (error) {
        if (!(error instanceof Error) || error.message !== 'unavailable') throw error;
        notYetInForce += 1;
        await sleep(REST_MS);
      }
    }
    return operation;
  }

  const { rich, paid, switched, limited } = await setUp(certainly, world);

  async function client(): Promise<void> {
    while (!over) {
      const operation = nextOperation(world, random, random.pick([rich, paid, switched, limited]));
      if (!(await sent(random.pick(networks), operation))) await sleep(REST_MS);
    }
  }

  /** False when it was killed, or the log is away: the network sends it again, to whichever instance. */
  async function sent(network: Api, operation: Operation): Promise<boolean> {
    try {
      const problem = await sendOperation(network, operation);
      if (problem !== undefined) world.problems.push(problem);
      return true;
    } catch {
      return false;
    }
  }

  /** At once after a control has returned: to each authorizer, before it may have heard of it by chance. A cent is there. */
  async function probe(cardId: string): Promise<void> {
    const each = networks.flatMap((network) => Array.from({ length: PROBES }, () => network));
    await Promise.all(each.map((network) => sent(network, authorization(world, cardId, 1))));
  }

  async function whileRunning(step: (n: number) => Promise<unknown>, restMs: number): Promise<void> {
    for (let n = 0; !over; n += 1) {
      await step(n);
      await sleep(random.below(restMs));
    }
  }

  const card = async (n: number) => {
    const kind = n % 2 === 0 ? 'pause' : 'resume';
    const path = `/v1/cards/${switched}/${kind}`;
    await certainly(callOperation(kind, path, {}, `switch-${n}`, { cardId: switched }));
    await probe(switched);
  };
  const limit = async (n: number) => {
    const amount = n % 2 === 0 ? LIMIT_LOW : LIMIT_HIGH;
    await certainly(limitOperation(limited, amount, `limit-${n}`));
    await probe(limited);
  };
  const program = async (n: number) => {
    const kind = n % 2 === 0 ? 'pause' : 'resume';
    const path = `/v1/programs/${world.programId}/${kind}`;
    await certainly(callOperation(`${kind} program`, path, {}, `program-${n}`));
    await probe(rich);
    if (kind === 'pause') programPauses += 1;
    // Paused for less time than active.
    if (kind === 'resume') await sleep(random.below(400));
  };
  const money = (n: number) => certainly(depositOperation(world.accounts[0] ?? '', 10_00, `more-${n}`));
  const controls = [
    whileRunning(card, 150),
    whileRunning(limit, 150),
    whileRunning(program, 200),
    whileRunning(money, 300),
  ];
  const clients = Array.from({ length: CLIENTS }, client);

  await sleep(1_000);
  for (let kill = 0; kill < kills; kill += 1) {
    await authorizers[1]?.end('SIGKILL');
    await sleep(random.below(800));
    authorizers[1] = await start(1);
    await sleep(500 + random.below(1_000));
  }
  over = true;
  await Promise.all([...controls, ...clients]);
  // Ends active, so that what is sent again can be decided.
  if (programPauses > 0) await program(1_000_001);

  link?.hurry();
  const compared = await sendAgain(world, networks);
  const log = await readLog(eventStore.log, world.problems);
  checkAnswers(log, world);
  world.problems.push(...notStrict(world.operations, log), ...overspent(log, world));
  await checkBalances(platform, log, world);
  for (const service of [issuing, ...authorizers]) {
    const { status, signal } = await service.end('SIGTERM');
    if (status !== 0) world.problems.push(`stopping ended with ${status ?? signal}: ${service.output()}`);
  }
  link?.close();
  return { seed, kills, compared, programPauses, notYetInForce, problems: world.problems, ...countsOf(world) };
}

/** To a single node on this machine; a cluster's nodes are found by other names. */
async function linkTo({ environment: { HOLDFAST_EVENTSTORE = '' } }: EventStoreProcess) {
  const port = /^esdb:\/\/(?:127\.0\.0\.1|localhost):(\d+)(?=[/?]|$)/.exec(HOLDFAST_EVENTSTORE)?.[1];
  if (port === undefined) return undefined;
  const link = await slowLink(Number(port), LINK_MS);
  const environment = { HOLDFAST_EVENTSTORE: HOLDFAST_EVENTSTORE.replace(`:${port}`, `:${link.port}`) };
  return { ...link, environment };
}

async function setUp(certainly: (operation: Operation) => Promise<Operation>, world: World) {
  const created = await certainly(callOperation('program', '/v1/programs', { name: 'Race' }, 'program'));
  world.programId = idOf(created);
  const { programId } = world;
  const open = async (name: string, amount: number): Promise<string> => {
    const body = { program_id: programId, currency: 'EUR', name };
    const account = idOf(await certainly(callOperation('account', '/v1/accounts', body, name, { programId })));
    world.accounts.push(account);
    await certainly(depositOperation(account, amount, name));
    return account;
  };
  const issue = async (account: string, name: string): Promise<string> => {
    return idOf(await certainly(callOperation('card', '/v1/cards', { account_id: account }, name, { programId })));
  };
  const contested = await open('contested', MONEY);
  const paid = await issue(contested, 'paid');
  const switched = await issue(contested, 'switched');
  const limited = await issue(contested, 'limited');
  await certainly(limitOperation(limited, LIMIT_HIGH, 'limit'));
  // Where money is never what is missing.
  const rich = await issue(await open('plenty', 1_000_000_00), 'rich');
  return { rich, paid, switched, limited };
}

function idOf({ answer }: Operation): string {
  return textOf(answer?.body ?? {}, 'id');
}

function depositOperation(accountId: string, amount: number, key: string): Operation {
  return callOperation('deposit', `/v1/accounts/${accountId}/deposits`, { amount, currency: 'EUR' }, key);
}

function limitOperation(cardId: string, amount: number, key: string): Operation {
  const limits = [{ amount, window: 'day', time_zone: 'UTC' }];
  const body = { limits, merchant_categories: { blocked: [], allowed: [] } };
  return callOperation('controls', `/v1/cards/${cardId}/controls`, body, key, { cardId, method: 'PUT' });
}

function nextOperation(world: World, random: Random, cardId: string): Operation {
  const chance = random.below(100);
  const sent = world.operations.filter(({ path }) => path === '/v1/network/messages').slice(-300);
  if (chance < 20 && sent.length > 0) return random.pick(sent);
  const original =
    chance < 55 && world.authorizations.length > 0 ? random.pick(world.authorizations.slice(-60)) : undefined;
  if (original === undefined) return authorization(world, cardId, 1 + random.below(15_00));
  const { stan, transmitted_at, acquirer_id } = original.body;
  const reference = { type: 'authorization', stan, transmitted_at, acquirer_id };
  const body = { type: 'reversal', ...base(world), card: { id: original.cardId ?? '' }, original: reference };
  return added(world, messageOperation('reversal', body, original.cardId ?? '', world.sender));
}

function base(world: World) {
  world.count += 1;
  return {
    network: 'visa',
    currency: 'EUR',
    ...{ acquirer_id: '400123', terminal_id: 'T1', stan: String(world.count % 1_000_000).padStart(6, '0') },
    transmitted_at: new Date().toISOString(),
    answer_by: new Date(Date.now() + BEYOND_MS).toISOString(),
  };
}

function authorization(world: World, cardId: string, amount: number): Operation {
  const body = {
    ...{ type: 'authorization', ...base(world), card: { id: cardId }, amount },
    merchant: { id: 'M1', name: 'ACME', country: 'DE', mcc: '5812' },
  };
  return added(world, messageOperation('authorization', body, cardId, world.sender));
}

function added(world: World, operation: Operation): Operation {
  world.operations.push(operation);
  if (operation.kind === 'authorization') world.authorizations.push(operation);
  return operation;
}

/** The newest to both authorizers: what was not answered is now, and each says what was said before. */
async function sendAgain(world: World, networks: readonly Api[]): Promise<number> {
  const all = world.operations.filter(({ path }) => path === '/v1/network/messages');
  const messages = [...all.filter(({ answer }) => answer === undefined), ...all.slice(-NEWEST)];
  for (const network of networks) {
    for (let at = 0; at < messages.length; at += SENT_AT_ONCE) {
      await Promise.all(
        messages.slice(at, at + SENT_AT_ONCE).map(async (message) => {
          const problem = await sendOperation(network, message);
          if (problem !== undefined) world.problems.push(problem);
        }),
      );
    }
  }
  return messages.length;
}

/** Of the account's own events, in their order: nothing that was approved took more than was there. */
function overspent({ byCommand }: LogContents, { problems }: World): string[] {
  const events = [...byCommand.values()].flat();
  return events.flatMap((event) => {
    if (event.type !== 'AuthorizationApproved' || event.data.balances.availableMinor >= 0n) return [];
    return problems.length > 20 ? [] : [`${event.data.transactionId} overdraws the account`];
  });
}

function countsOf({ operations }: World) {
  const reasons: Record<string, number> = {};
  let approved = 0;
  let declined = 0;
  for (const { kind, answer } of operations) {
    if (kind !== 'authorization' || !isJson(answer?.body)) continue;
    if (answer.body.decision === 'approved') approved += 1;
    else declined += 1;
    if (answer.body.decision !== 'approved')
      for (const reason of reasonsOf(answer.body)) reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  return { approved, declined, reasons };
}

function reasonsOf({ reasons }: Readonly<Record<string, unknown>>): readonly string[] {
  return Array.isArray(reasons) ? reasons.map(String) : [];
}
