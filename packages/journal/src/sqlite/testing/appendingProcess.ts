// appendingProcess.ts: a process that appends without end and prints each answer as one line of JSON. Tests kill it,
// or let its disk fail. When the log has stopped it prints what later appends got, closes it and ends.
//
// Arguments: the directory, and a seed that tells its streams and ids from those of another run.

import { setTimeout } from 'node:timers/promises';
import { event } from '../../contract/subject.ts';
import { openSqliteJournal } from '../journal.ts';

const [directory = '', seed = ''] = process.argv.slice(2);
const STREAMS = 16;
const print = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

const journal = await openSqliteJournal({ directory });
let running = true;
let unanswered = 0;

for (let s = 0; s < STREAMS; s++) void appendTo(`${seed}-${s}`);

await journal.failed.catch(async (error: unknown) => {
  running = false;
  // Whatever was going to be answered wrongly gets its chance.
  await setTimeout(200);
  const later = await journal.append(`${seed}-0`, 'no_stream', [event()]).catch((refused: unknown) => refused);
  print({ stopped: codeOf(error), later: codeOf(later), unanswered });
  await journal.close();
});

async function appendTo(stream: string): Promise<void> {
  for (let i = 0; running; i++) {
    const events = [event({ seed: `${stream}/${i}/0` }), event({ seed: `${stream}/${i}/1` })];
    unanswered++;
    const { revision, position } = await journal.append(stream, i === 0 ? 'no_stream' : 2 * i - 1, events);
    unanswered--;
    print({ stream, revision, position: String(position), ids: events.map(({ id }) => id) });
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : String(error);
}
