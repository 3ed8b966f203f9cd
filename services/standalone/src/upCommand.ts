// upCommand.ts: `holdfast up`: every service in a process of its own on this machine, their output in one place.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onStopSignal } from '@holdfast/http';
import { fingerprintKeyOf } from './fingerprintKey.ts';
import { colours as c, print } from './output.ts';
import { EXIT, type ExitStatus, Refusal } from './refusal.ts';
import { type Environment, set } from './settings.ts';

export type UpFlags = {
  readonly data: string;
  readonly port: number;
  /** As many authorizers as ports. */
  readonly authorizerPorts: readonly number[];
  readonly projectorPort: number;
  readonly eventstorePort: number;
  readonly natsPort: number;
  readonly feedPort: number;
};

/** What is started, in the order in which one needs another; stopped in reverse. */
type Part = {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Environment;
  /** It is there when this port takes connections. Left out: the next one is started at once. */
  readonly port?: number;
};

type Running = { readonly name: string; readonly child: ChildProcess; readonly ended: Promise<string> };

const HOLDFAST = fileURLToPath(new URL('../bin/holdfast.js', import.meta.url));
const HOST = '127.0.0.1';
const LOOK_MS = 50;
const STOP_MS = 20_000;
const NAME_WIDTH = 12;

/** Resolves when it was stopped as asked. When a part ends by itself the others are stopped too. */
export async function up(flags: UpFlags, environment: Environment): Promise<ExitStatus> {
  const stopping = Promise.withResolvers<string>();
  onStopSignal(stopping.resolve);
  const running: Running[] = [];
  let ending = false;
  try {
    const parts = partsOf(flags, { ...environment, ...(await keyOf(flags.data, environment)) });
    for (const { name, port } of parts) await mustBeFree(name, port);
    await say(`${parts.map(({ name }) => name).join(', ')}; Ctrl-C stops them all`);
    for (const part of parts) {
      const started = start(part, environment);
      running.push(started);
      started.ended.then((how) => {
        if (!ending) stopping.resolve(`${part.name} ended ${how}`);
      });
      const ready = part.port === undefined ? Promise.resolve() : listens(part.port, started);
      if ((await Promise.race([ready, stopping.promise])) !== undefined) break;
    }
    if (running.length === parts.length) await sayReady(flags);
    const why = await stopping.promise;
    ending = true;
    const asked = why.startsWith('SIG');
    await say(asked ? 'stopping' : `${why}: stopping the others`);
    return asked ? EXIT.ok : EXIT.fatal;
  } finally {
    ending = true;
    for (const part of running.reverse()) await stop(part);
  }
}

/** All must find the same cards by their numbers. In a sandbox the key is made, and kept where `start` would. */
async function keyOf(data: string, { HOLDFAST_FINGERPRINT_KEY, HOLDFAST_MODE }: Environment): Promise<Environment> {
  if (set(HOLDFAST_FINGERPRINT_KEY) !== undefined || set(HOLDFAST_MODE) === 'production') return {};
  await mkdir(data, { recursive: true, mode: 0o700 });
  const { key, save } = await fingerprintKeyOf({ data });
  await save();
  return { HOLDFAST_FINGERPRINT_KEY: Buffer.from(key).toString('hex') };
}

async function sayReady({ data, port, authorizerPorts }: UpFlags): Promise<void> {
  const addresses = authorizerPorts.map((each) => `http://${HOST}:${each}`);
  await say(`the API is at http://${HOST}:${port}, the authorizers at ${addresses.join(' and ')}`);
  const folder = resolve(data) === resolve('data') ? '' : ` --data ${data}`;
  await say(`a card network: npm run simulate -- --url http://${HOST}:${port} --authorizers ${addresses}${folder}`);
}

function partsOf(
  { data, port, authorizerPorts, projectorPort, eventstorePort, natsPort, feedPort }: UpFlags,
  environment: Environment,
): readonly Part[] {
  const parts: Part[] = [];
  const self = (...args: readonly string[]): readonly string[] => [process.execPath, HOLDFAST, ...args];
  let eventStore = set(environment.HOLDFAST_EVENTSTORE);
  if (eventStore === undefined) {
    const args = ['eventstore', '--data', join(data, 'eventstore'), '--port', String(eventstorePort)];
    parts.push({ name: 'eventstore', command: self(...args), port: eventstorePort });
    eventStore = `esdb://${HOST}:${eventstorePort}?tls=false`;
  }
  let nats = set(environment.HOLDFAST_NATS);
  const program = nats === undefined ? natsServer(environment) : undefined;
  if (program !== undefined) {
    const args = ['-a', HOST, '-p', String(natsPort), '-js', '-sd', resolve(data, 'nats')];
    parts.push({ name: 'nats', command: [program, ...args], port: natsPort });
    nats = `nats://${HOST}:${natsPort}`;
  }
  const log = {
    HOLDFAST_EVENTSTORE: eventStore,
    HOLDFAST_FINGERPRINT_KEY: environment.HOLDFAST_FINGERPRINT_KEY,
  };
  const service = (name: string, folder: string, at: number, ...args: readonly string[]): Part => {
    const [command = name] = name.split('-');
    const where = ['--data', folder, '--port', String(at), '--host', HOST];
    return { name, command: self(command, ...where, ...args), environment: log, port: at };
  };
  const readModels = join(data, 'read-models');
  parts.push(service('projector', readModels, projectorPort));
  parts.push(service('issuing', data, port, '--read-models', readModels));
  for (const [at, each] of authorizerPorts.entries()) {
    const name = `authorizer-${at + 1}`;
    parts.push(service(name, join(data, name), each, '--name', name));
  }
  if (nats !== undefined) {
    parts.push({
      name: 'feed',
      command: self('feed', '--data', join(data, 'feed'), '--port', String(feedPort)),
      environment: { ...log, HOLDFAST_NATS: nats },
    });
  }
  return parts;
}

/** On the PATH, or where Debian's package puts it. */
function natsServer({ PATH = '' }: Environment): string | undefined {
  return [...PATH.split(delimiter), '/usr/sbin']
    .map((folder) => join(folder, 'nats-server'))
    .find((file) => existsSync(file));
}

function start({ name, command, environment }: Part, inherited: Environment): Running {
  const [file = '', ...args] = command;
  // In a group of its own: Ctrl-C reaches this process only, which stops the parts one after the other.
  const child = spawn(file, args, {
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const kill = (): unknown => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`because it could not be started: ${error.message}`));
    child.once('close', (code, signal) => resolve(`with ${signal ?? `status ${code}`}`));
  });
  ended.then(() => process.off('exit', kill));
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => void print(`${label(name)} ${line}`));
  }
  return { name, child, ended };
}

/** Else another's would be taken for the part's own. */
async function mustBeFree(name: string, port: number | undefined): Promise<void> {
  if (port === undefined || !(await answers(port))) return;
  throw new Refusal(`port ${port} for ${name} is in use: stop what uses it, or give another one`, EXIT.cannotStart);
}

/** Resolves when the port takes connections. */
async function listens(port: number, { child }: Running): Promise<undefined> {
  while (child.exitCode === null && child.signalCode === null) {
    if (await answers(port)) return undefined;
    await sleep(LOOK_MS);
  }
  // How it ended is told by whoever waits for that.
  return new Promise(() => {});
}

async function stop({ name, child, ended }: Running): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const late = sleep(STOP_MS, 'late' as const, { ref: false });
  if ((await Promise.race([ended, late])) !== 'late') return;
  await say(`${name} does not stop: it is killed`);
  child.kill('SIGKILL');
  await ended;
}

function say(sentence: string): Promise<void> {
  return print(`${label('up')} ${sentence}`);
}

const TINTS = [c.cyan, c.magenta, c.green, c.yellow, c.blue] as const;
const tints = new Map<string, (text: string) => string>();

function label(name: string): string {
  const tint = tints.get(name) ?? TINTS[tints.size % TINTS.length] ?? c.cyan;
  tints.set(name, tint);
  return tint(`${name.padEnd(NAME_WIDTH)} │`);
}

/** Whether somebody listens there. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
