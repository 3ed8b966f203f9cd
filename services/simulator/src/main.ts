// main.ts: the holdfast-simulate command. Exit status: 0 all well, 1 the run found problems, 2 it could not run as asked.

import { parseOptions } from './options.ts';
import { simulate } from './simulate.ts';
import { InputError } from './source.ts';

/** npm passes on the Ctrl-C that the terminal sends to everyone, so one key press arrives twice within moments. */
const SAME_KEY_PRESS_MS = 1_000;

const parsed = parseOptions(process.argv.slice(2), process.env);
switch (parsed.kind) {
  case 'help':
    process.stdout.write(parsed.text);
    break;
  case 'wrong':
    fail(parsed.sentence);
    break;
  case 'run':
    try {
      process.exitCode = await simulate(parsed.options, stopOnSignal());
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      fail(error.message);
    }
    break;
  default:
    parsed satisfies never;
}

/** The first signal stops the run with its report; another one later ends it at once. */
function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  let stoppedAtMs: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (stoppedAtMs !== undefined && performance.now() - stoppedAtMs > SAME_KEY_PRESS_MS) process.exit(130);
      stoppedAtMs ??= performance.now();
      stop.abort();
    });
  }
  // Whoever read the output has left (`| head`): there is nobody to report to.
  process.stdout.on('error', () => process.exit(1));
  return stop.signal;
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 2;
}
