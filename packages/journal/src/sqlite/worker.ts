// worker.ts: the thread that owns the log for writing. One message in may hold many appends, one commit may hold many
// messages, and one message out answers a whole commit.

import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { JournalLocked, NotAJournal } from '../errors.ts';
import { type Checkpointer, createCheckpointer } from './checkpointer.ts';
import type { WritableLog } from './files.ts';
import { openForWriting } from './files.ts';
import { Incoming } from './incoming.ts';
import type { FromWriter, ToWriter } from './messages.ts';
import { messageOf } from './sqliteError.ts';
import type { Writer } from './writer.ts';
import { createWriter } from './writer.ts';

if (parentPort === null) throw new Error('worker.ts runs in a worker thread');
const port = parentPort;
const send = (message: FromWriter): void => port.postMessage(message);

try {
  const { directory } = workerData as { directory: string };
  const log = openForWriting(directory);
  serve(log, createWriter(log.db), createCheckpointer(log.db, log.file));
  send({ ready: true });
} catch (error) {
  const code =
    error instanceof JournalLocked || error instanceof NotAJournal ? error.code : ('journal_unavailable' as const);
  send({ refused: messageOf(error), code });
}

function serve(log: WritableLog, writer: Writer, checkpointer: Checkpointer): void {
  const incoming = new Incoming(acceptAll);
  let closing = false;
  let stopped = false;

  function accept(message: ToWriter): void {
    if (message === 'close') closing = true;
    else incoming.add(message);
  }

  /** Takes in what was sent while a transaction was filled or committed. */
  function acceptAll(): void {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      accept(next.message);
    }
  }

  function work(): void {
    while (incoming.peek() !== undefined) {
      send(writer.commit(incoming));
      checkpointer.whenDue();
    }
    if (closing) void checkpointer.close().then(close).catch(stop);
  }

  function close(): void {
    log.close();
    port.close();
  }

  /** After a failed commit nothing is known about the disk: the thread keeps the lock, silent, until it is ended. */
  function stop(error: unknown): void {
    stopped = true;
    send({ stopped: messageOf(error) });
  }

  port.on('message', (message: ToWriter) => {
    if (stopped) return;
    try {
      accept(message);
      work();
    } catch (error) {
      stop(error);
    }
  });
}
