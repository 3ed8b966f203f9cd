// accounting.ts: what each account has, from the feed alone, kept in a file. Runs until a signal stops it.
//
// NATS_URL=nats://127.0.0.1:4222 node accounting.ts balances.db

import { DatabaseSync } from 'node:sqlite';
import { AckPolicy, connect, type JsMsg, nanos } from 'nats';

type Leg = { account: string; currency: string; debitMinor?: string; creditMinor?: string };
type CloudEvent = { id: string; type: string; subject: string; sequence: string; data: { entry?: Leg[] } };

const db = new DatabaseSync(process.argv[2] ?? 'balances.db', { timeout: 5_000 });
// So that others can read the file meanwhile.
db.exec(`
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS balances (
    stream TEXT, ledger TEXT, currency TEXT, minor INTEGER NOT NULL, PRIMARY KEY (stream, ledger, currency)) STRICT;
  CREATE TABLE IF NOT EXISTS applied (stream TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT;`);
const lastApplied = db.prepare('SELECT sequence FROM applied WHERE stream = ?');
const apply = db.prepare(
  `INSERT INTO applied VALUES (?, ?) ON CONFLICT (stream) DO UPDATE SET sequence = excluded.sequence`,
);
const post = db.prepare(
  `INSERT INTO balances VALUES (?, ?, ?, ?)
   ON CONFLICT (stream, ledger, currency) DO UPDATE SET minor = minor + excluded.minor`,
);

/** Rows and how far they go are one transaction, so that a message that comes again changes nothing. */
function book(event: CloudEvent): void {
  const applied = Number(lastApplied.get(event.subject)?.sequence ?? -1);
  const sequence = Number(event.sequence);
  if (sequence <= applied) return;
  if (sequence > applied + 1) throw new Error(`${event.subject} goes on with ${sequence} after ${applied}`);
  db.exec('BEGIN');
  for (const { account, currency, debitMinor, creditMinor } of event.data.entry ?? []) {
    // Amounts are texts of whole minor units, and may be larger than a JavaScript number holds.
    post.run(event.subject, account, currency, BigInt(creditMinor ?? 0) - BigInt(debitMinor ?? 0));
  }
  apply.run(event.subject, sequence);
  db.exec('COMMIT');
}

const nats = await connect({ servers: process.env.NATS_URL ?? 'nats://127.0.0.1:4222' });
const stream = process.env.HOLDFAST_FEED_STREAM ?? 'HOLDFAST';
const subject = process.env.HOLDFAST_FEED_SUBJECT ?? 'holdfast';
const manager = await nats.jetstreamManager();
// Durable: the server remembers what was acknowledged. One at a time: were more under way when this process ends, the next
// one would get those behind them first. One account would be `holdfast.account.7c8s….>`.
await manager.consumers.add(stream, {
  durable_name: 'accounting',
  ack_policy: AckPolicy.Explicit,
  max_ack_pending: 1,
  ack_wait: nanos(5_000),
  filter_subject: `${subject}.account.>`,
});
const consumer = await nats.jetstream().consumers.get(stream, 'accounting');
const messages = await consumer.consume({ max_messages: 500 });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => messages.stop());

for await (const message of messages as AsyncIterable<JsMsg>) {
  book(message.json<CloudEvent>());
  message.ack();
}
await nats.drain();
db.close();
