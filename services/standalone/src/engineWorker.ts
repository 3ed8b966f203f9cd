// engineWorker.ts: the thread that decides: its own log, index and look at what is due, and the engine on them.

import { parentPort } from 'node:worker_threads';
import { serveEngine } from '@holdfast/engine';
import { openQueries } from '@holdfast/projections';
import type { EngineThreadGiven, FromEngineThread } from './engineThread.ts';
import { refusalOf } from './openLog.ts';
import { type Logger, openEngineOn } from './parts.ts';
import { Refusal } from './refusal.ts';
import { closeAll, type Opened } from './service.ts';
import { openWritableLog } from './writableLog.ts';

if (parentPort === null) throw new Error('engineWorker.ts runs in a worker thread');
const port = parentPort;
const send = (message: FromEngineThread): void => port.postMessage(message);

const logger: Logger = {
  error: (details, message) => send({ type: 'log', level: 'error', details, message }),
  warn: (details, message) => send({ type: 'log', level: 'warn', details, message }),
  info: (details, message) => send({ type: 'log', level: 'info', details, message }),
};

async function run({ directory, log, shared, readModels, maxResidents }: EngineThreadGiven): Promise<void> {
  const opened: Opened = [];
  try {
    const journal = await openWritableLog(log, logger);
    opened.push(journal);
    const queries = readModels === undefined ? undefined : openQueries({ directory: readModels });
    if (queries !== undefined) opened.push({ close: async () => queries.close() });
    const parts = { directory, journal, shared, logger, ...(queries === undefined ? {} : { queries }) };
    const engine = await openEngineOn({ ...parts, ...(maxResidents === undefined ? {} : { maxResidents }) }, opened);
    journal.failed.catch((error: Error) => send({ type: 'log_failed', sentence: error.message }));
    serveEngine(engine, port, () => closeAll(opened));
  } catch (error) {
    await closeAll(opened);
    const refusal = refusalOf(error);
    if (!(refusal instanceof Refusal)) throw error;
    send({ type: 'refused', sentence: refusal.message, status: refusal.status });
    port.close();
  }
}

port.once('message', (given: EngineThreadGiven) => void run(given));
