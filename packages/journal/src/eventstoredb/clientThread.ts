// clientThread.ts: the thread that holds an appending client, and nothing else of its kind: clients in one thread would
// share the table of what is under way, so that a lost connection of one loses the appends of all.

import { parentPort, workerData } from 'node:worker_threads';
import { EventStoreDBClient, FORWARDS } from '@eventstore/db-client';
import { InvalidAppend } from '../errors.ts';
import { EVENT_FIELDS, HEADER_FIELDS, NO_REVISION, readHeader, textAt } from '../flatAppends.ts';
import type { EventToAppend } from '../journal.ts';
import type { Outcome, QueuedAppend, Tried } from './appendQueue.ts';
import { AppendQueue } from './appendQueue.ts';
import { toClientEvent } from './clientEvents.ts';
import type { AppendsMessage, ClientThreadData, FromClientThread, ToClientThread } from './messages.ts';
import { ANSWER } from './messages.ts';
import { failureOf } from './outcome.ts';

if (parentPort === null) throw new Error('clientThread.ts runs in a worker thread');
const port = parentPort;
const { connectionString, before, patienceMs, answerWithinMs } = workerData as ClientThreadData;
const client = EventStoreDBClient.connectionString(connectionString);
// Ending the thread is the only way to be rid of a client that has lost count: another thread repeats what it held.
const queue = new AppendQueue(send, () => process.exit(1), { patienceMs, answerWithinMs });
let answers: FromClientThread = [];

async function send(append: QueuedAppend): Promise<Tried> {
  let events: ReturnType<typeof toClientEvent>[];
  try {
    events = append.events.map(toClientEvent);
  } catch (error) {
    if (error instanceof InvalidAppend) return { kind: 'refused', reason: error.message };
    throw error;
  }
  try {
    const { nextExpectedRevision, position } = await client.appendToStream(before + append.stream, events, {
      expectedRevision: append.expected === 'no_stream' ? 'no_stream' : BigInt(append.expected),
      requiresLeader: true,
    });
    if (position === undefined) throw new Error('the server answered without a position');
    return { kind: 'written', appended: { revision: Number(nextExpectedRevision), position: position.commit } };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind !== 'wrong_revision' || !append.inDoubt) return failure;
    try {
      return (await writtenBefore(append)) ?? failure;
    } catch (readError) {
      const again = failureOf(readError);
      return 'connectionLost' in again
        ? again
        : { kind: 'unknown', reason: 'reading it back failed', connectionLost: false };
    }
  }
}

/** A try whose answer was lost may be what moved the stream on: its ids then stand behind the expected revision. */
async function writtenBefore({ stream, expected, events }: QueuedAppend): Promise<Tried | undefined> {
  const from = expected === 'no_stream' ? 0 : expected + 1;
  const reading = client.readStream(before + stream, {
    direction: FORWARDS,
    fromRevision: BigInt(from),
    maxCount: events.length,
    requiresLeader: true,
  });
  let position = 0n;
  let count = 0;
  try {
    for await (const { event } of reading) {
      if (event === undefined || event.id !== events[count]?.id) return undefined;
      position = event.position?.commit ?? 0n;
      count++;
    }
  } finally {
    // Leaving the loop early does not end the call.
    await reading.cancel();
  }
  if (count < events.length) return undefined;
  return { kind: 'written', appended: { revision: from + count - 1, position } };
}

function accept({ ids, since, inDoubt, appends }: AppendsMessage): void {
  let at = 0;
  for (const [nth, id] of ids.entries()) {
    const { stream, expected, count } = readHeader(appends, at);
    at += HEADER_FIELDS;
    const events: EventToAppend[] = [];
    for (let i = 0; i < count; i++, at += EVENT_FIELDS) {
      const [eventId, type, data, metadata] = [0, 1, 2, 3].map((field) => textAt(appends, at + field));
      events.push({ id: eventId ?? '', type: type ?? '', data: data ?? '', metadata: metadata ?? '' });
    }
    queue.add({
      stream,
      expected: expected === NO_REVISION ? 'no_stream' : expected,
      events,
      since: since[nth] ?? 0,
      inDoubt,
      answer: (outcome) => answer(id, outcome),
    });
  }
}

function answer(id: number, outcome: Outcome): void {
  if (answers.length === 0) setImmediate(flush);
  switch (outcome.kind) {
    case 'written':
      answers.push(id, ANSWER.written, outcome.appended.revision, outcome.appended.position);
      break;
    case 'wrong_revision':
      answers.push(id, ANSWER.wrongRevision, outcome.actual === 'no_stream' ? NO_REVISION : outcome.actual, 0);
      break;
    default:
      answers.push(id, ANSWER[outcome.kind], outcome.reason, 0);
  }
}

function flush(): void {
  port.postMessage(answers);
  answers = [];
}

port.on('message', (message: ToClientThread) => {
  if (message !== 'close') {
    accept(message);
    return;
  }
  queue.close();
  // All has been answered; the connection goes with the thread.
  process.exit(0);
});
