// bench.ts: measures what docs/benchmarks.md says, prints a table and writes JSON. Exits 1 when a bound is not met.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pc from 'picocolors';
import { allMet, type Figure } from './figure.ts';
import { append } from './figures/append.ts';
import { decide } from './figures/decide.ts';
import { eventStore } from './figures/eventStore.ts';
import { feed } from './figures/feed.ts';
import { fullMemory } from './figures/fullMemory.ts';
import { hotAccount } from './figures/hotAccount.ts';
import { http } from './figures/http.ts';
import { memory } from './figures/memory.ts';
import { replay } from './figures/replay.ts';
import { secondAuthorizer } from './figures/secondAuthorizer.ts';
import { start } from './figures/start.ts';
import { describeMachine } from './machine.ts';
import { markdown } from './markdown.ts';
import { FIGURES, type FigureName, type Options, parseOptions, USAGE } from './options.ts';
import { type Plan, planOf } from './plan.ts';
import { CACHE, removeLeftovers, removeScratch, scratch } from './support/folders.ts';
import { figureText, machineText } from './table.ts';

const MEASURE: Readonly<Record<FigureName, (plan: Plan) => Promise<readonly Figure[]>>> = {
  http,
  decide,
  'hot-account': hotAccount,
  'full-memory': fullMemory,
  append,
  'event-store': eventStore,
  'second-authorizer': secondAuthorizer,
  feed,
  replay,
  start,
  memory,
};

async function main({ only, quick, large, out }: Options): Promise<number> {
  await mkdir(CACHE, { recursive: true });
  await removeLeftovers();
  const machine = describeMachine(await scratch('machine'));
  console.log(`\n${pc.bold('Holdfast benchmarks')}${quick ? pc.yellow(' (quick: the numbers say little)') : ''}`);
  console.log(`${machineText(machine)}\n`);
  const plan = planOf({ only, quick, large, out }, say);
  const begun = new Date();
  const figures: Figure[] = [];
  for (const name of FIGURES.filter((each) => only.includes(each))) {
    const measured = await MEASURE[name](plan);
    say('');
    for (const figure of measured) console.log(figureText(figure));
    figures.push(...measured);
  }
  const met = allMet(figures);
  await mkdir(out, { recursive: true });
  const file = join(out, begun.toISOString().replaceAll(':', '-'));
  await writeFile(`${file}.json`, `${JSON.stringify({ begun, quick, met, machine, figures }, undefined, 2)}\n`);
  await writeFile(`${file}.md`, markdown(begun, machine, figures));
  console.log(met ? pc.green('Every bound is met.') : pc.red('A bound is not met.'), pc.dim(`${file}.json`));
  return met ? 0 : 1;
}

/** On a terminal: one line that is written over. */
function say(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${pc.dim(what)}`);
}

let options: Options | undefined;
try {
  options = parseOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  process.exitCode = 2;
}
if (options !== undefined) {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void removeScratch().finally(() => process.exit(130)));
  try {
    process.exitCode = await main(options);
  } finally {
    await removeScratch();
  }
}
