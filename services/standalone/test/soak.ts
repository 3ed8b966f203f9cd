// soak.ts: `npm run soak`: the crash test with many kills. `--kills 100`, `--seed 1`; `--eventstore` with the log on an
// event store that is killed as well; `--race` two authorizers on an event store, one of which is killed.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CrashReport, crashRun } from './crash/crashRun.ts';
import { raceRun } from './race/raceRun.ts';
import { eventStoreProcess } from './support/eventStoreProcess.ts';
import { newFolder } from './support/folder.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    connections: { type: 'string', default: '24' },
    eventstore: { type: 'boolean', default: false },
    race: { type: 'boolean', default: false },
  },
});
const [kills, seed, connections] = [Number(values.kills), Number(values.seed), Number(values.connections)];
if (![kills, seed, connections].every(Number.isSafeInteger) || kills < 1 || connections < 1) {
  process.stderr.write('soak: --kills, --seed and --connections take whole numbers.\n');
  process.exit(2);
}

const data = newFolder();
const startedAt = performance.now();
const minutes = (): string => ((performance.now() - startedAt) / 60_000).toFixed(1);
process.stdout.write(`soak: ${kills} kills, ${connections} connections, seed ${seed}, data in ${data}\n`);

if (values.race) await race();
else await crash();

async function race(): Promise<void> {
  const eventStore = await eventStoreProcess(join(data, 'eventstore'));
  await eventStore.start();
  const { problems, reasons, ...counts } = await raceRun({ data: join(data, 'race'), seed, kills, eventStore });
  await eventStore.kill();
  for (const [what, count] of Object.entries({ ...counts, ...reasons })) process.stdout.write(`  ${what}: ${count}\n`);
  end(problems);
}

async function crash(): Promise<void> {
  const eventStore = values.eventstore ? await eventStoreProcess(join(data, 'eventstore')) : undefined;
  await eventStore?.start();
  const report = await crashRun({
    ...{ data, seed, kills, connections, onKill: line },
    ...(eventStore === undefined ? {} : { eventStore }),
  });
  await eventStore?.kill();
  line(report);
  end(report.problems);
}

function end(problems: readonly string[]): void {
  if (problems.length === 0) {
    rmSync(data, { recursive: true });
    process.stdout.write(`soak: everything held, in ${minutes()} minutes.\n`);
  } else {
    for (const problem of problems) process.stdout.write(`  ${problem}\n`);
    process.stdout.write(`soak: ${problems.length} problems; seed ${seed}, data kept in ${data}\n`);
    process.exitCode = 1;
  }
}

function line({
  kills: done,
  killsAtStart,
  eventStoreKills,
  operations,
  answered,
  swallowed,
  resent,
  events,
  problems,
}: CrashReport) {
  process.stdout.write(
    `${minutes()} min  ${done} kills (+${killsAtStart} at start, ${eventStoreKills} of the event store)  ${events} events  ${operations} operations, ` +
      `${answered} answered, ${swallowed} cut off, ${resent} sent again  ${problems.length} problems\n`,
  );
}
