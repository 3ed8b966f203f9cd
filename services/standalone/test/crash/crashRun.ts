// crashRun.ts: lives of one server: traffic, SIGKILL, start again, and everything that was told must still be true.

import { setTimeout as sleep } from 'node:timers/promises';
import { apiKeyId } from '@holdfast/events';
import type { LogLocation } from '@holdfast/journal';
import { type Api, sandboxApi, textOf } from '../support/api.ts';
import type { EventStoreProcess } from '../support/eventStoreProcess.ts';
import { bytesOf } from '../support/folder.ts';
import { launch, startHoldfastProcess } from '../support/holdfastProcess.ts';
import { checkAnswers, checkBalances, checkPauses, readLog } from './checks.ts';
import { type Operation, sendOperation } from './operation.ts';
import { type Random, seeded } from './random.ts';
import { client, newWorld, setUp, type World } from './traffic.ts';

export type CrashOptions = {
  readonly data: string;
  readonly seed: number;
  readonly kills: number;
  readonly connections?: number;
  /** The log is on it, and it is killed too. It must be running. */
  readonly eventStore?: EventStoreProcess;
  readonly onKill?: (progress: CrashReport) => void;
};

export type CrashReport = {
  readonly seed: number;
  /** Kills under traffic, and kills while it was starting. */
  readonly kills: number;
  readonly killsAtStart: number;
  readonly eventStoreKills: number;
  readonly operations: number;
  readonly answered: number;
  /** Whose answer a kill swallowed, and which were then sent again. */
  readonly swallowed: number;
  readonly resent: number;
  readonly events: bigint;
  readonly problems: readonly string[];
};

const CONNECTIONS = 24;
/** Between two kills, of answers from earlier lives. */
const OLD_ANSWERS_RESENT = 50;
const SENT_AT_ONCE = 32;
const PROBLEMS_AT_MOST = 20;

/** Resolves with what was found. Stops early when there are problems enough. */
export async function crashRun({
  data,
  seed,
  kills,
  connections = CONNECTIONS,
  eventStore,
  onKill,
}: CrashOptions): Promise<CrashReport> {
  const random = seeded(seed);
  const world = newWorld(apiKeyId('sandbox'));
  let killed = 0;
  let killedAtStart = 0;
  let eventStoreKills = 0;
  const log = eventStore?.log ?? { directory: data };
  const environment = eventStore?.environment ?? {};
  let swallowed = 0;
  let resent = 0;
  let events = 0n;
  let output = '';
  const report = (): CrashReport => ({
    seed,
    kills: killed,
    killsAtStart: killedAtStart,
    eventStoreKills,
    operations: world.operations.length,
    answered: world.operations.filter(({ answer }) => answer !== undefined).length,
    swallowed,
    resent,
    events,
    problems: world.problems,
  });

  /** A kill while the log, the sandbox or the read models are being opened. */
  async function killWhileStarting(): Promise<void> {
    const { child, ended, output: written } = launch({ data, environment });
    await sleep(100 + random.below(1_200));
    child.kill('SIGKILL');
    await ended;
    output += written();
    killedAtStart += 1;
  }

  /** Clients go on meanwhile, and so does the server: it must come back by itself. */
  async function killEventStore(store: EventStoreProcess): Promise<void> {
    await store.kill();
    await sleep(random.below(1_500));
    await store.start();
    eventStoreKills += 1;
    await sleep(300 + random.below(1_000));
  }

  await killWhileStarting();
  for (let life = 0; killed < kills && world.problems.length < PROBLEMS_AT_MOST; life += 1) {
    const server = await startHoldfastProcess({ data, environment });
    const api = await sandboxApi(server.address, data);
    resent += await sendAgain(api, world, random);
    events = await check(api, log, world);

    const before = world.operations.length;
    let over = false;
    const traffic = setUp(api, world)
      .then(() => Promise.all(Array.from({ length: connections }, (_, n) => client(api, world, random, n, () => over))))
      .catch(() => undefined);
    await sleep(life === 0 ? 1_500 : 200 + random.below(1_300));
    if (eventStore !== undefined) await killEventStore(eventStore);
    over = true;
    server.signal('SIGKILL');
    await server.ended;
    await traffic;
    output += server.output();
    killed += 1;
    swallowed += world.operations
      .slice(before)
      .filter(({ answer, sentAt }) => sentAt !== undefined && answer === undefined).length;
    if (random.below(5) === 0) await killWhileStarting();
    onKill?.(report());
  }

  const server = await startHoldfastProcess({ data, environment });
  const api = await sandboxApi(server.address, data);
  resent += await sendAgain(api, world, random, Number.POSITIVE_INFINITY);
  events = await check(api, log, world);
  const { status, signal } = await server.stop();
  if (status !== 0) world.problems.push(`stopping ended with ${status ?? signal}`);
  output += server.output();
  checkNumbers(world, output, data);
  return report();
}

/** What was never answered gets its answer now; then it and others are sent again, and must get the same one. */
async function sendAgain(api: Api, world: World, random: Random, old = OLD_ANSWERS_RESENT): Promise<number> {
  const sent = world.operations.filter(({ sentAt }) => sentAt !== undefined);
  const swallowed = sent.filter(({ answer }) => answer === undefined);
  await sendAll(api, world, swallowed);
  const unanswered = swallowed.filter(({ answer }) => answer === undefined);
  if (unanswered.length > 0) world.problems.push(`${unanswered.length} operations were not answered when sent again`);
  const newest = sent.slice(-500);
  const others = old >= sent.length ? sent : [...newest, ...Array.from({ length: old }, () => random.pick(sent))];
  const again = sent.length === 0 ? [] : [...new Set([...swallowed, ...others])];
  await sendAll(api, world, again);
  return swallowed.length + again.length;
}

async function sendAll(api: Api, world: World, operations: readonly Operation[]): Promise<void> {
  for (let at = 0; at < operations.length; at += SENT_AT_ONCE) {
    await Promise.all(
      operations.slice(at, at + SENT_AT_ONCE).map(async (operation) => {
        const problem = await sendOperation(api, operation);
        if (problem !== undefined) world.problems.push(problem);
      }),
    );
  }
}

async function check(api: Api, location: LogLocation, world: World): Promise<bigint> {
  const log = await readLog(location, world.problems);
  checkAnswers(log, world);
  checkPauses(world);
  await checkBalances(api, log, world);
  return log.events;
}

/** No card number in anything that was written, to a file or to a terminal. */
function checkNumbers({ operations, problems }: World, output: string, data: string): void {
  const bytes = bytesOf(data);
  const answers = operations.flatMap(({ kind, answer }) => (kind === 'card' && answer !== undefined ? [answer] : []));
  const numbers = answers.map(({ body }) => textOf(body, 'number'));
  if (numbers.length === 0) problems.push('no card was issued');
  for (const number of numbers) {
    if (output.includes(number)) problems.push(`the number of the card that ends in ${number.slice(-4)} was printed`);
    if (bytes.includes(number)) problems.push(`the number of the card that ends in ${number.slice(-4)} was stored`);
  }
}
