// commandLine.ts: the arguments of holdfast. Reads no file and changes nothing.

import { readFileSync } from 'node:fs';
import { EVENT_TYPES } from '@holdfast/events';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { CommonFlags } from './settings.ts';
import type { UpFlags } from './upCommand.ts';

export type Given =
  | { readonly command: 'start'; readonly flags: StartFlags }
  | { readonly command: 'issuing'; readonly flags: IssuingFlags }
  | { readonly command: 'authorizer'; readonly flags: AuthorizerFlags }
  | { readonly command: 'retire'; readonly name: string }
  | { readonly command: 'authorizers' }
  | { readonly command: 'projector'; readonly flags: CommonFlags }
  | { readonly command: 'verify'; readonly data?: string; readonly json: boolean }
  | { readonly command: 'log'; readonly options: LogOptions }
  | { readonly command: 'clear'; readonly file: string; readonly flags: ClearFlags }
  | { readonly command: 'feed'; readonly flags: CommonFlags }
  | { readonly command: 'up'; readonly flags: UpFlags }
  | { readonly command: 'eventstore'; readonly data: string; readonly host: string; readonly port: number }
  | { readonly command: 'say'; readonly text: string }
  /** One sentence. */
  | { readonly command: 'wrong'; readonly sentence: string };

/** Texts as given: the configuration parses them together with the environment. */
export type PlatformFlags = CommonFlags & {
  readonly mode?: string;
  readonly sandbox: boolean;
  readonly newKey: boolean;
};
export type StartFlags = PlatformFlags & { readonly name?: string };
export type IssuingFlags = PlatformFlags & { readonly readModels?: string };
export type AuthorizerFlags = CommonFlags & { readonly name?: string };

/** Texts as given. */
export type ClearFlags = {
  readonly url?: string;
  readonly key?: string;
  readonly data?: string;
  readonly json: boolean;
};

export type LogOptions = {
  /** A stream's name, or the id of what has a stream. */
  readonly stream?: string;
  readonly data?: string;
  /** Left out: the beginning. */
  readonly from?: bigint;
  readonly limit?: number;
  readonly type?: string;
  readonly json: boolean;
  readonly follow: boolean;
};

/** `args` without the program's name. */
export function parseArguments(args: readonly string[]): Given {
  let said = '';
  let given: Given | undefined;
  const program = define((what) => {
    given = what;
  });
  for (const each of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    each.exitOverride().configureOutput({
      writeOut: (text) => {
        said += text;
      },
      writeErr: () => undefined,
    });
  }
  if (args.length === 0) return { command: 'say', text: program.helpInformation() };
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { command: 'say', text: said };
    return { command: 'wrong', sentence: sentenceOf(error) };
  }
  return given ?? { command: 'say', text: program.helpInformation() };
}

function define(take: (given: Given) => void): Command {
  const program = new Command('holdfast')
    .description('An event-sourced card ledger and authorization engine.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .addHelpText('after', '\nholdfast COMMAND --help says more about a command.\n');
  // Sub-commands inherit how errors are shown only from those that come before them.
  program.allowExcessArguments(false);

  const data = (): Option =>
    new Option('-d, --data <folder>', 'the data folder (HOLDFAST_DATA; ./data, or what HOLDFAST_EVENTSTORE names)');

  /** The options of every service. */
  const service = (name: string, description: string, usualPort: number): Command =>
    program
      .command(name)
      .description(description)
      .option('-d, --data <folder>', 'the data folder (HOLDFAST_DATA; ./data)')
      .option('--host <address>', 'the address to listen on (HOLDFAST_HOST; 127.0.0.1)')
      .option('-p, --port <number>', `the port to listen on, 0 for any free one (HOLDFAST_PORT; ${usualPort})`)
      .option('--log-level <level>', 'fatal, error, warn, info, debug, trace or silent (HOLDFAST_LOG_LEVEL)');

  /** And of those that platforms call. */
  const platform = (name: string, description: string): Command =>
    service(name, description, 2600)
      .option('--mode <mode>', 'sandbox or production (HOLDFAST_MODE; sandbox)')
      .option('--no-sandbox', 'create no program, accounts and cards on an empty log')
      .option('--new-key', 'create another API key and print it once', false);

  platform('start', 'start the server on the log in the data folder')
    .option('--name <name>', 'its lasting name among the authorizers of an event store (HOLDFAST_AUTHORIZER; holdfast)')
    .addHelpText('after', START_HELP)
    .action((flags: StartFlags) => take({ command: 'start', flags }));

  program
    .command('verify')
    .description('replay the log and report everything that does not hold')
    .addOption(data())
    .option('--json', 'the report as JSON', false)
    .addHelpText('after', VERIFY_HELP)
    .action(({ data, json }: { data?: string; json: boolean }) =>
      take({ command: 'verify', json, ...(data === undefined ? {} : { data }) }),
    );

  program
    .command('log')
    .description('print the log, or one stream of it')
    .argument('[stream]', 'a stream’s name, or the id of an account, card, program, API key or clearing file')
    .addOption(data())
    .option('--from <position>', 'begin at this position of the log', position)
    .option('-n, --limit <count>', 'print at most so many events', count)
    .option('-t, --type <type>', 'only events of this type', eventType)
    .option('--json', 'one JSON object a line, exactly as stored', false)
    .option('-f, --follow', 'wait for more at the end', false)
    .addHelpText('after', LOG_HELP)
    .action((stream: string | undefined, options: Omit<LogOptions, 'stream'>) =>
      take({ command: 'log', options: stream === undefined ? options : { ...options, stream } }),
    );

  program
    .command('clear')
    .description('send a clearing file to a server and print its report')
    .argument('<file>', 'the file, JSON Lines')
    .option('-u, --url <address>', 'of the server (HOLDFAST_URL; http://127.0.0.1:2600)')
    .option('-k, --key <key>', 'an API key of role network (HOLDFAST_API_KEY; else the sandbox key in the data folder)')
    .option('-d, --data <folder>', 'the data folder of a sandbox on this machine (HOLDFAST_DATA; ./data)')
    .option('--json', 'the answer as JSON', false)
    .addHelpText('after', CLEAR_HELP)
    .action((file: string, flags: ClearFlags) => take({ command: 'clear', file, flags }));

  platform('issuing', 'serve the API for platforms, beside authorizers on one event store')
    .option(
      '--read-models <folder>',
      'data folder of a projector on this machine (HOLDFAST_READ_MODELS; makes its own)',
    )
    .addHelpText('after', ISSUING_HELP)
    .action((flags: IssuingFlags) => take({ command: 'issuing', flags }));

  const authorizer = service('authorizer', 'decide network messages, one of several on one event store', 2601)
    .option('--name <name>', 'its lasting name, unlike any other’s (HOLDFAST_AUTHORIZER)')
    .addHelpText('after', AUTHORIZER_HELP)
    .action((flags: AuthorizerFlags) => take({ command: 'authorizer', flags }));
  authorizer
    .command('list')
    .description('print the authorizers that the log knows')
    .action(() => take({ command: 'authorizers' }));
  authorizer
    .command('retire')
    .description('say that an authorizer no longer runs, so that no change waits for it')
    .argument('<name>', 'its name')
    .addHelpText('after', RETIRE_HELP)
    .action((name: string) => take({ command: 'retire', name }));

  service('projector', 'make read models from the log, for issuing on the same machine', 2603)
    .addHelpText('after', PROJECTOR_HELP)
    .action((flags: CommonFlags) => take({ command: 'projector', flags }));

  program
    .command('eventstore')
    .description('run the development event store on the embedded log in a folder')
    .option('-d, --data <folder>', 'the folder of the log', './eventstore-data')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('-p, --port <number>', 'the port to listen on, 0 for any free one', port, 2113)
    .addHelpText('after', EVENTSTORE_HELP)
    .action((options: { data: string; host: string; port: number }) => take({ command: 'eventstore', ...options }));

  program
    .command('up')
    .description('run an event store, NATS and every service as processes of their own')
    .option('-d, --data <folder>', 'the folder below which each has its own', './up-data')
    .option('-p, --port <number>', 'the port of the API for platforms', port, 2600)
    .option('--authorizer-ports <numbers>', 'of the authorizers, as many as there are ports', ports, [2601, 2602])
    .option('--projector-port <number>', 'of the projector’s health and metrics', port, 2603)
    .option('--eventstore-port <number>', 'of the development event store', port, 2113)
    .option('--nats-port <number>', 'of nats-server', port, 4222)
    .option('--feed-port <number>', 'of the feed’s health and metrics', port, 2604)
    .addHelpText('after', UP_HELP)
    .action((flags: UpFlags) => take({ command: 'up', flags }));

  service('feed', 'publish every event of the log to NATS JetStream', 2604)
    .addHelpText('after', FEED_HELP)
    .action((flags: CommonFlags) => take({ command: 'feed', flags }));
  return program;
}

const START_HELP = `
On an empty log, and in sandbox mode, it creates a program, accounts with money, cards and an API key.
With HOLDFAST_EVENTSTORE (esdb://user:password@host:2113) the log is there, and the data folder holds what
is derived from it; HOLDFAST_STREAM_PREFIX keeps installations on one event store apart. Several servers
may run on such a log, each under a name and with a data folder of its own.
In production mode it needs HOLDFAST_FINGERPRINT_KEY: at least 32 random bytes, in base64 or hex.
HOLDFAST_BIN is what card numbers begin with: 6 to 8 digits (999999, which belongs to nobody).
Exit status: 0 stopped as asked, 1 could not start, 2 wrong use, 70 broken (start it again).
`;

const ISSUING_HELP = `
It needs HOLDFAST_EVENTSTORE, and decides no network messages: that is for holdfast authorizer.
In sandbox mode, and on an unused log, it creates a program, accounts with money, cards and an API key.
In production mode it needs HOLDFAST_FINGERPRINT_KEY, the same for every process on one log.
Exit status: 0 stopped as asked, 1 could not start, 2 wrong use, 70 broken (start it again).
`;

const AUTHORIZER_HELP = `
It needs HOLDFAST_EVENTSTORE, HOLDFAST_FINGERPRINT_KEY and a name, which the log remembers: a program is
paused once every authorizer that runs has confirmed it. Started again under the same name, it takes the
place of the one before. One that was killed for good is to be retired.
Exit status: 0 stopped as asked, 1 could not start, 2 wrong use, 70 broken or replaced (start it again).
`;

const RETIRE_HELP = `
To be used when a call answers 503 not_yet_in_force with a name under which nothing runs any more, and
nothing will. What is retired although it runs ends by itself, but until it notices it may still decide by
what was in force before.
`;

const PROJECTOR_HELP = `
Its data folder is what holdfast issuing is given with --read-models.
Exit status: 0 stopped as asked, 1 could not start, 2 wrong use, 70 broken (start it again).
`;

const VERIFY_HELP = `
Works beside a running server, and reads up to the end of the log as it is at the start.
What does not fit into memory waits in a temporary file, in the folder that TMPDIR names.
Exit status: 0 clean, 1 something does not hold, 2 wrong use, no log, or no room for that file.
`;

const LOG_HELP = `
Works beside a running server. Examples:
  holdfast log acct_01jd3x0q7yexv9r5m2k8w4t6zb
  holdfast log --type AuthorizationDeclined --limit 20
  holdfast log --follow --json
`;

const CLEAR_HELP = `
The file is applied whole or not at all, and once however often it is sent: after status 70 send it again.
Exit status: 0 every record matched, 1 something differs, 2 wrong use or a file that is refused, 70 not
known to be applied (the server was not reached, or did not finish).
`;

const FEED_HELP = `
Works beside a running server, from the log in the data folder or that of HOLDFAST_EVENTSTORE. Set by:
  HOLDFAST_NATS              nats://127.0.0.1:4222, several with commas; tls:// for TLS
  HOLDFAST_NATS_USER, HOLDFAST_NATS_PASSWORD, HOLDFAST_NATS_CREDENTIALS (a file), HOLDFAST_NATS_CA (a file)
  HOLDFAST_FEED_STREAM       the JetStream stream, made when it is not there (HOLDFAST)
  HOLDFAST_FEED_SUBJECT      what its subjects begin with (holdfast)
  HOLDFAST_FEED_REPLICAS     of a stream that it makes (1; 3 on a cluster)
  HOLDFAST_FEED_SOURCE       the source of its CloudEvents (urn:holdfast)
Exit status: 0 stopped as asked, 1 could not start, 2 wrong use, 70 somebody must look.
`;

const UP_HELP = `
Everything listens on 127.0.0.1. HOLDFAST_EVENTSTORE and HOLDFAST_NATS name servers to be used instead of
those that it starts; without a nats-server on the PATH there is no feed. Ctrl-C stops them one by one.
Exit status: 0 stopped as asked, 1 could not start, 2 wrong use, 70 one of them ended by itself.
`;

const EVENTSTORE_HELP = `
It speaks as much of EventStoreDB's protocol as Holdfast uses, without passwords or encryption: for
development and tests. Production runs EventStoreDB or KurrentDB. Use it with:
  HOLDFAST_EVENTSTORE=esdb://127.0.0.1:2113?tls=false holdfast start
Exit status: 0 stopped as asked, 1 could not start, 2 wrong use, 70 broken (start it again).
`;

const MAX_POSITION = 2n ** 63n - 1n;

function position(text: string): bigint {
  if (!/^\d{1,19}$/.test(text) || BigInt(text) > MAX_POSITION) {
    throw new InvalidArgumentError('A position is a whole number, such as 17.');
  }
  return BigInt(text);
}

function port(text: string): number {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return value;
}

function ports(text: string): readonly number[] {
  const given = text.split(',').map(port);
  if (new Set(given).size < given.length) throw new InvalidArgumentError('Each port can be used once.');
  return given;
}

function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('It takes a whole number above zero.');
  }
  return value;
}

function eventType(text: string): string {
  if (EVENT_TYPES.some((type) => type === text)) return text;
  const near = EVENT_TYPES.find((type) => type.toLowerCase().startsWith(text.toLowerCase().slice(0, 6)));
  throw new InvalidArgumentError(`There is no such event type${near === undefined ? '' : `; did you mean ${near}?`}`);
}

/** What commander says, as one sentence without its label. */
function sentenceOf({ message }: CommanderError): string {
  const sentence = message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .trim();
  return /[.?)]$/.test(sentence) ? sentence : `${sentence}.`;
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return String(JSON.parse(text).version);
}
