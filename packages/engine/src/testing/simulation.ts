// simulation.ts: several engines on one log, clients that repeat themselves, a network and machines that fail: one seed,
// one history, the same each time.

import { type CardId, suspendedBy } from '@holdfast/domain';
import { type MemoryLog, newMemoryLog } from '@holdfast/journal/memory';
import { type Call, type Clients, openClients, type Sending } from './simulation/clients.ts';
import { type Cluster, type Memory, NO_TROUBLE, openCluster, type Trouble } from './simulation/cluster.ts';
import { leaked, notOnce, takenBack, untrue, untrueAtLast } from './simulation/complaints.ts';
import { type Letter, openPost, type Post } from './simulation/letters.ts';
import { type LogView, viewOf } from './simulation/logView.ts';
import { overspent } from './simulation/money.ts';
import { type Office, openOffice } from './simulation/office.ts';
import { type Random, randomFrom } from './simulation/random.ts';
import { notInForce } from './simulation/strictness.ts';
import { wrongTransfers } from './simulation/transfers.ts';
import { type VirtualClock, virtualClock } from './virtualClock.ts';

export type SimulationOptions = {
  readonly engines: number;
  readonly shared: boolean;
  readonly memory: Memory;
  readonly trouble: Trouble;
  /** Each of what happens is answered before the next: then memory and trouble cannot change what is decided. */
  readonly oneByOne: boolean;
  /** Things that happen, beside what follows from them. */
  readonly steps: number;
};

export type Simulated = { readonly log: MemoryLog; readonly complaints: readonly string[] };

/** A hundred virtual seconds after the last trouble everything must have been answered. */
const PATIENCE_MS = 100_000;

/** All that a seed says nothing about is chosen from it. */
export function optionsFrom(seed: number): SimulationOptions {
  const random = randomFrom(seed, 3);
  const rough = random.pick([0, 0.05, 0.15, 0.3]);
  const engines = 1 + random.below(3);
  return {
    engines,
    shared: engines > 1 || seed % 2 === 0,
    memory: {
      maxAccounts: 1 + random.below(3),
      maxResidents: 1 + random.below(30),
      snapshotEvery: 1 + random.below(12),
    },
    trouble: { fault: rough, unreadable: rough / 10, indexFault: rough },
    oneByOne: false,
    steps: 110,
  };
}

type World = {
  readonly options: SimulationOptions;
  readonly script: Random;
  readonly clock: VirtualClock;
  readonly view: LogView;
  readonly cluster: Cluster;
  readonly clients: Clients;
  readonly office: Office;
  readonly post: Post;
  readonly calls: Call[];
  readonly issued: Set<CardId>;
};

export async function simulate(seed: number, chosen: Partial<SimulationOptions> = {}): Promise<Simulated> {
  const options = { ...optionsFrom(seed), ...chosen };
  const log = newMemoryLog();
  const clock = virtualClock();
  const view = viewOf(log);
  const found: string[] = [];
  const script = randomFrom(seed, 0);
  const cluster = openCluster({
    ...{ log, clock, size: options.engines, memory: options.memory, shared: options.shared },
    ...{ due: view.due, unfinished: view.unfinished },
    random: randomFrom(seed, 1),
    onSnapshot: (stream, revision, snapshot) => {
      view.follow();
      const expected = view.accounts.get(stream)?.snapshots[revision];
      if (expected !== undefined && !snapshot.endsWith(expected)) {
        found.push(`the snapshot of ${stream} at ${revision} is not what the log says: ${snapshot}\n${expected}`);
      }
    },
  });
  const onTold = (sending: Sending) => {
    view.follow();
    found.push(...untrue(view, sending, post.letters));
  };
  const clients = openClients(clock, onTold);
  const office = openOffice();
  const issued = new Set<CardId>();
  const post: Post = openPost(script, (card) => issued.has(card));
  const world: World = { options, script, clock, view, cluster, clients, office, post, calls: [], issued };
  await open(world);
  const before = cluster.crashes;
  for (let step = 0; step < options.steps; step++) await happen(world);
  await calm(world, found);
  view.follow();
  if (cluster.crashes === before) found.push(...leaked(view, clients.sendings));
  await again(world, found);
  view.follow();
  found.push(...view.broken, ...notOnce(view, post.letters, clients), ...takenBack(view, clients));
  found.push(...notInForce(view, clients), ...wrongTransfers(view, clients));
  for (const { events } of view.accounts.values()) found.push(...overspent(events));
  for (const alarm of cluster.alarms) if (alarm.includes('quarantined')) found.push(alarm);
  return { log, complaints: found };
}

async function open(world: World): Promise<void> {
  await startAll(world);
  for (const call of world.office.opening) {
    const calling = world.clients.call(world.cluster.engine(0), call);
    await world.clock.advance(1);
    if (calling.told?.outcome.done !== true) throw new Error(`not opened: ${calling.failed}`);
    if (call.command.type === 'issueCard') world.issued.add(call.command.cardId);
  }
}

async function startAll({ cluster, clock }: World): Promise<void> {
  for (let waited = 0; !cluster.complete && waited < PATIENCE_MS; waited += 10) {
    for (let at = 0; at < cluster.size; at++) cluster.start(at);
    await clock.advance(10);
  }
}

/** One of the things that happen, and some time. */
async function happen(world: World): Promise<void> {
  const { script, clock, cluster, clients, options, post, calls, office, issued } = world;
  cluster.trouble = options.trouble;
  const at = script.below(cluster.size);
  const engine = cluster.engine(at);
  const dice = script.below(100);
  if (dice < 50) {
    const letter = post.write(clock.now(), office.cards);
    deliver(world, letter);
    if (script.chance(0.3)) deliver(world, letter);
  } else if (dice < 64 && post.letters.length > 0) {
    deliver(world, script.pick(script.chance(0.6) ? post.letters.slice(-10) : post.letters));
  } else if (dice < 71 && post.letters.length > 0) {
    deliver(world, post.vary(clock.now(), script.pick(post.letters.slice(-15))));
  } else if (dice < 80) {
    const call = script.chance(0.2) ? resolveOne(world) : office.draft(script, [...issued]);
    calls.push(call);
    clients.call(engine, call);
  } else if (dice < 85 && calls.length > 0) {
    clients.call(engine, script.pick(calls));
  } else if (dice < 89) {
    await issueOne(world);
  } else if (dice < 93) {
    void engine?.tick();
  } else if (dice < 96) {
    if (engine !== undefined) clients.abandon(engine);
    cluster.crash(at);
  } else if (dice < 98) {
    await clock.jump((1 + script.below(30)) * 3_600_000);
  }
  if (script.chance(0.7)) for (let each = 0; each < cluster.size; each++) cluster.start(each);
  await clock.advance(script.chance(0.3) ? 0 : script.below(40));
  if (options.oneByOne) await answered(world);
}

/** Something in suspense goes to an account, or is borne; also again, when it has gone elsewhere already. */
function resolveOne({ script, view, office, issued }: World): Call {
  view.follow();
  const items = view.seen.flatMap(({ stream, event }) =>
    suspendedBy(event) === undefined ? [] : [{ stream, revision: event.revision }],
  );
  return items.length === 0 ? office.draft(script, [...issued]) : office.resolve(script, script.pick(items));
}

/** Sends a letter on its way, to any engine, now or later. */
function deliver({ script, clock, cluster, clients, options }: World, letter: Letter): void {
  const waitsMs = options.oneByOne ? 60_000 : script.pick([10, 40, 100, 5_000]);
  const at = script.below(cluster.size);
  const go = () => void clients.send(cluster.engine(at), letter, waitsMs);
  if (options.oneByOne || script.chance(0.6)) go();
  else clock.after(1 + script.below(300), go);
}

/** A card gets its account once every fact that was written for it is known to be recorded. */
async function issueOne(world: World): Promise<void> {
  const { script, clock, cluster, clients, office, issued, post, calls } = world;
  const card = [...office.owners.keys()].find((each) => !issued.has(each));
  const facts = post.letters.filter(({ message }) => message.cardId === card && message.type === 'clearing');
  const recorded = (letter: Letter) =>
    clients.sendings.some((sending) => sending.letter === letter && sending.told?.answer.decision === 'accepted');
  if (card === undefined || !facts.every(recorded)) return;
  const call = office.issue(card);
  calls.push(call);
  // No fact is written for it meanwhile: see what `docs` say about cards that are issued while facts arrive.
  for (let attempt = 0; attempt < 100; attempt++) {
    const calling = clients.call(cluster.engine(script.below(cluster.size)), call);
    await clock.advance(script.below(40));
    if (calling.told !== undefined) {
      if (calling.told.outcome.done) issued.add(card);
      return;
    }
    for (let each = 0; each < cluster.size; each++) cluster.start(each);
  }
}

async function answered({ clock, clients }: World): Promise<void> {
  for (let waited = 0; clients.outstanding > 0 && waited < PATIENCE_MS; waited += 10) await clock.advance(10);
}

/** The trouble ends: everyone is answered, and what was never carried out is asked for again. */
async function calm(world: World, found: string[]): Promise<void> {
  const { cluster, clock, clients } = world;
  cluster.trouble = NO_TROUBLE;
  await startAll(world);
  await clock.advance(2_000);
  await answered(world);
  // Somebody takes up what others have left unfinished.
  for (let waited = 0; world.view.unfinished(clock.now(), 1).length > 0 && waited < PATIENCE_MS; waited += 1_000) {
    await clock.advance(1_000);
  }
  for (const each of world.view.unfinished(clock.now(), 10)) {
    found.push(`${'transferId' in each ? each.transferId : `${each.stream}@${each.revision}`} was left unfinished`);
  }
  if (clients.outstanding > 0) found.push(`${clients.outstanding} were never answered`);
}

/** Everything again, through every engine: each must say what the others say. */
async function again(world: World, found: string[]): Promise<void> {
  const { cluster, clients, post, calls } = world;
  for (let at = 0; at < cluster.size; at++) {
    const called = calls.map((call) => clients.call(cluster.engine(at), call));
    await answered(world);
    const sent = post.letters.map((letter) => clients.send(cluster.engine(at), letter, PATIENCE_MS));
    await answered(world);
    world.view.follow();
    found.push(...untrueAtLast(world.view, sent, called, at));
  }
}
