// simulate.ts: puts a run together from its options, shows it, and reports it.

import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import picocolors from 'picocolors';
import { activeCards } from './cards.ts';
import { systemClock } from './clock.ts';
import { fileSource } from './fileSource.ts';
import { tally } from './measure/tally.ts';
import { MOST_SEED, type Options } from './options.ts';
import { paceOf } from './pace.ts';
import { reportOf } from './report.ts';
import { noResults, type Results, resultsFile } from './results.ts';
import { run } from './run.ts';
import { InputError, type Source } from './source.ts';
import { showLive } from './terminal/live.ts';
import { reportText } from './terminal/report.ts';
import { trafficSource } from './traffic/trafficSource.ts';
import { failureName, httpTransport, type Transport } from './transport.ts';

/**
 * Runs until its end or until `stop` is aborted, and prints the report. Resolves to the exit status: 0, or 1 when the
 * report is not ok. Rejects with `InputError` when it cannot run as asked, after the report if anything was sent.
 */
export async function simulate(options: Options, stop: AbortSignal): Promise<0 | 1> {
  const key = options.key ?? (await sandboxKey(options.data));
  const address = options.url.href.replace(/\/$/, '');
  const transport = httpTransport(options, key, systemClock);
  try {
    const seed = options.file === undefined ? (options.seed ?? randomInt(MOST_SEED + 1)) : undefined;
    const { source, about } = await sourceOf(options, seed, transport, address);
    const results = await resultsOf(options).catch((error: unknown) => {
      source.close();
      throw error;
    });
    const clock = systemClock;
    const startedAtMs = clock.nowMs();
    const pace = paceOf(options.rate, startedAtMs, startedAtMs + (options.durationMs ?? Number.POSITIVE_INFINITY));
    const counted = tally(startedAtMs);

    const screen = options.json ? process.stderr : process.stdout;
    const endLive = options.quiet
      ? () => undefined
      : showLive(
          screen,
          () => ({
            title: `${about}   ${address}`,
            tally: counted,
            nowMs: clock.nowMs(),
            startedAtMs,
            ...(options.durationMs === undefined ? {} : { durationMs: options.durationMs }),
            rate: options.rate,
            waiting: source.waiting,
            stopping: stop.aborted,
          }),
          picocolors,
        );
    let failure: unknown;
    try {
      await run({ source, transport, pace, tally: counted, results, connections: options.connections, clock, stop });
    } catch (error) {
      failure = error;
    } finally {
      source.close();
      endLive();
      await results.close().catch((error: unknown) => {
        failure ??= error;
      });
    }

    const endedAtMs = clock.nowMs();
    const endless = options.file === undefined && options.purchases === undefined;
    const report = reportOf(
      {
        url: address,
        ...(seed === undefined ? {} : { seed }),
        ...(options.file === undefined ? {} : { file: options.file }),
        rate: options.rate,
        connections: options.connections,
        startedAtMs,
        elapsedMs: endedAtMs - startedAtMs,
        stoppedEarly: stop.aborted || failure !== undefined,
        unsent: endless && !stop.aborted && failure === undefined ? pace.unsent(endedAtMs) : 0,
        waiting: source.waiting,
      },
      counted,
    );
    if (failure === undefined || counted.sent > 0) {
      process.stdout.write(
        options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report, picocolors, process.stdout.columns),
      );
    }
    if (failure !== undefined) throw failure;
    return report.ok ? 0 : 1;
  } finally {
    await transport.close();
  }
}

async function sourceOf(
  options: Options,
  seed: number | undefined,
  transport: Transport,
  address: string,
): Promise<{ readonly source: Source; readonly about: string }> {
  if (options.file !== undefined || seed === undefined) {
    const path = options.file ?? '-';
    const source = await fileSource({ path, expectRecorded: options.expectRecorded });
    await transport.get('/health').catch((error: unknown) => {
      source.close();
      throw new InputError(`Nothing answers at ${address} (${failureName(error)}): start Holdfast with npm start.`);
    });
    return { source, about: path === '-' ? 'standard input' : path };
  }
  const cards = await activeCards(transport, address);
  const durationMs = options.durationMs ?? Number.POSITIVE_INFINITY;
  const { rate, disorder, purchases } = options;
  return {
    source: trafficSource({
      seed,
      cards,
      startedAtMs: systemClock.nowMs(),
      durationMs,
      rate,
      disorder,
      ...(purchases === undefined ? {} : { purchases }),
    }),
    about: `seed ${seed}   ${cards.length} ${cards.length === 1 ? 'card' : 'cards'}`,
  };
}

async function resultsOf({ out }: Options): Promise<Results> {
  return out === undefined ? noResults : resultsFile(out);
}

/** What `npm start` leaves in its data folder when it makes a sandbox. */
async function sandboxKey(folder: string): Promise<string> {
  const path = join(folder, 'sandbox-key');
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text.trim() !== '') return text.trim();
  throw new InputError(
    `There is no API key: give one with --key or HOLDFAST_API_KEY, or start a sandbox with npm start, which leaves one in ${path}.`,
  );
}
