// options.ts: the command line of holdfast-simulate.

import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { MOST_HOURS, parseDuration } from './duration.ts';
import { DISORDER_LEVELS, DISORDERS, type Disorder, type DisorderKind, NO_DISORDER } from './traffic/disorder.ts';

export const MOST_RATE = 100_000;
export const MOST_CONNECTIONS = 1_024;
export const MOST_SEED = 0xffff_ffff;
export const MOST_PURCHASES = 1_000_000;
export const MOST_DISORDER = DISORDER_LEVELS.length - 1;

export type Options = {
  readonly url: URL;
  /** Where network messages go, in turn; left out: to `url`. */
  readonly authorizers?: readonly URL[];
  readonly key?: string;
  readonly data: string;
  /** Messages a second; 0 is as fast as possible. */
  readonly rate: number;
  /** Absent: to the end of the file, or of the purchases. */
  readonly durationMs?: number;
  /** So many, and everything that follows them. */
  readonly purchases?: number;
  readonly disorder: Disorder;
  readonly connections: number;
  readonly seed?: number;
  readonly file?: string;
  readonly expectRecorded: boolean;
  readonly out?: string;
  readonly quiet: boolean;
  readonly json: boolean;
};

export type Parsed =
  | { readonly kind: 'run'; readonly options: Options }
  | { readonly kind: 'help'; readonly text: string }
  /** One sentence. */
  | { readonly kind: 'wrong'; readonly sentence: string };

const DEFAULT_RATE = 50;
const DEFAULT_DURATION_MS = 30_000;
const DEFAULT_CONNECTIONS = 16;
const DEFAULT_DISORDER = 1;

/** `args` without the program's name. Reads no file and changes nothing. */
export function parseOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Parsed {
  let help = '';
  const shares = new Map<DisorderKind, number>();
  const command = commandLine(env, shares).configureOutput({
    writeOut: (text) => {
      help += text;
    },
    writeErr: () => undefined,
  });
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'help', text: help };
    return wrong(error.message.replace(/^error: /, '').replaceAll('\n', ' '));
  }

  const given = command.opts<Given>();
  const url = parseUrl(given.url);
  if (url === undefined) return wrong('--url takes the address of a server, such as http://127.0.0.1:2600');
  const authorizers = given.authorizers?.split(',').map(parseUrl);
  if (authorizers?.includes(undefined))
    return wrong('--authorizers takes addresses of servers, with commas between them');
  if (given.file === undefined && given.expectRecorded)
    return wrong('--expect-recorded needs a --file to compare with');
  if (given.file !== undefined && given.file === given.out) {
    return wrong('--file and --out name the same file; choose another one for --out');
  }
  if (given.out === '-') return wrong('--out takes the name of a file; standard output holds the report');
  const fromFile = given.file !== undefined;
  if (fromFile && (given.purchases !== undefined || given.disorder !== undefined || shares.size > 0)) {
    return wrong('a --file is sent as it is, without --purchases and without disorder');
  }
  const ends = fromFile || given.purchases !== undefined;
  const durationMs = given.duration ?? (ends ? undefined : DEFAULT_DURATION_MS);
  return {
    kind: 'run',
    options: {
      url,
      ...(authorizers === undefined ? {} : { authorizers: authorizers.filter((each) => each !== undefined) }),
      ...(given.key === undefined || given.key === '' ? {} : { key: given.key }),
      data: given.data,
      rate: given.rate ?? (fromFile ? 0 : DEFAULT_RATE),
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(given.purchases === undefined ? {} : { purchases: given.purchases }),
      disorder: disorderOf(given.disorder, shares),
      connections: given.connections ?? (fromFile ? 1 : DEFAULT_CONNECTIONS),
      ...(given.seed === undefined ? {} : { seed: given.seed }),
      ...(given.file === undefined ? {} : { file: given.file }),
      expectRecorded: given.expectRecorded,
      ...(given.out === undefined ? {} : { out: given.out }),
      quiet: given.quiet,
      json: given.json,
    },
  };
}

type Given = {
  readonly url: string;
  readonly authorizers?: string;
  readonly key?: string;
  readonly data: string;
  readonly rate?: number;
  readonly duration?: number;
  readonly purchases?: number;
  readonly disorder?: number;
  readonly connections?: number;
  readonly seed?: number;
  readonly file?: string;
  readonly expectRecorded: boolean;
  readonly out?: string;
  readonly quiet: boolean;
  readonly json: boolean;
};

/** Half of all purchases: an outage ends, and something is asked again. */
export const MOST_STAND_IN = 50;

/** What each kind of disorder is of, and how it shows. */
const SHARES: Readonly<Record<DisorderKind, string>> = {
  duplicates: 'of messages: sent twice, in parallel or later',
  repeats: 'of messages: sent again, marked as a repeat, with another time',
  late: 'of messages: long on their way',
  out_of_order: 'of purchases: their messages come in any order',
  dropped_answers: 'of requests: nobody hears the answer, so it is reversed, and asked anew',
  stand_in: `of purchases, up to ${MOST_STAND_IN}: in an outage the network answers, and sends advices afterwards`,
};

function flagOf(kind: DisorderKind): string {
  return `--${kind.replaceAll('_', '-')}`;
}

/** The level, and over it what is said of each kind. */
function disorderOf(level: number | undefined, shares: ReadonlyMap<DisorderKind, number>): Disorder {
  const all = DISORDER_LEVELS[level ?? DEFAULT_DISORDER] ?? NO_DISORDER;
  return { ...all, ...Object.fromEntries(shares) };
}

function commandLine(env: Readonly<Record<string, string | undefined>>, shares: Map<DisorderKind, number>): Command {
  const command = new Command('holdfast-simulate')
    .description('A card network in a terminal: sends realistic traffic, or a file of messages, to a running Holdfast.')
    .option('--url <address>', 'where Holdfast listens (HOLDFAST_URL)', env.HOLDFAST_URL || 'http://127.0.0.1:2600')
    .addOption(
      new Option(
        '--authorizers <addresses>',
        'where messages go, in turn, with commas between them (HOLDFAST_AUTHORIZERS; to --url)',
      ).default(env.HOLDFAST_AUTHORIZERS || undefined, 'none'),
    )
    .addOption(
      new Option('--key <key>', 'API key (HOLDFAST_API_KEY; else the sandbox key in the data folder)').default(
        env.HOLDFAST_API_KEY,
        'none',
      ),
    )
    .option(
      '--data <folder>',
      'data folder of npm start, read for its sandbox key (HOLDFAST_DATA)',
      env.HOLDFAST_DATA || './data',
    )
    .option('--rate <n>', `messages a second, 0 = as fast as possible (${DEFAULT_RATE}; of a file: 0)`, rate)
    .option('--duration <time>', 'such as 30s, 2m, 1h (30s; of a file or of purchases: to their end)', duration)
    .option(
      '--connections <n>',
      `messages in flight at once (${DEFAULT_CONNECTIONS}; of a file: 1, so that it is sent in order)`,
      whole(1, MOST_CONNECTIONS),
    )
    .option('--seed <n>', 'the same seed sends the same purchases (random)', whole(0, MOST_SEED))
    .option('--purchases <n>', 'so many purchases and all that follows them, then end', whole(1, MOST_PURCHASES))
    .option('--file <messages.ndjson>', 'send a file of messages, one JSON object a line; - is standard input')
    .option('--expect-recorded', 'of a file that --out wrote: every answer must be the recorded one', false)
    .option('--out <results.ndjson>', 'write what was sent and what came back, one JSON object a line')
    .option('--quiet', 'no progress, only the report', false)
    .option('--json', 'the report as JSON on standard output', false)
    .optionsGroup('Disorder, in percent:')
    .option(
      '--disorder <level>',
      `sets all of these, from 0 (none) to ${MOST_DISORDER} (${DEFAULT_DISORDER}: an ordinary day)`,
      whole(0, MOST_DISORDER),
    )
    .allowExcessArguments(false)
    .exitOverride();
  for (const kind of DISORDERS) {
    const most = kind === 'stand_in' ? MOST_STAND_IN : 100;
    const levels = DISORDER_LEVELS.map((level) => level[kind]).join(', ');
    command.option(`${flagOf(kind)} <percent>`, `${SHARES[kind]} (by level: ${levels})`, (text) => {
      shares.set(kind, percent(text, most));
    });
  }
  return command;
}

function percent(text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value > most) {
    throw new InvalidArgumentError(`It is a number from 0 to ${most}, in percent.`);
  }
  return value;
}

function rate(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value > MOST_RATE || (value > 0 && value < 0.01)) {
    throw new InvalidArgumentError(`It is a number from 0.01 to ${MOST_RATE}, or 0 for as fast as possible.`);
  }
  return value;
}

function duration(text: string): number {
  const value = parseDuration(text);
  if (value === undefined) throw new InvalidArgumentError(`It is a time such as 30s, 2m or 1h, up to ${MOST_HOURS}h.`);
  return value;
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

function parseUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '' ? url : undefined;
}

function wrong(sentence: string): Parsed {
  return { kind: 'wrong', sentence: `${sentence}${sentence.endsWith('.') ? '' : '.'}` };
}
