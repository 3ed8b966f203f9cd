// Whatever the disorder, the money ends where an orderly network leaves it: a real server, real files, HTTP, seeds.
//   HOLDFAST_DISORDER_SEEDS=200 HOLDFAST_DISORDER_PURCHASES=600 npx vitest run --test-timeout=7200000 services/simulator/src/disorder.test.ts

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { systemClock } from './clock.ts';
import { type Tally, tally } from './measure/tally.ts';
import { paceOf } from './pace.ts';
import { noResults } from './results.ts';
import { run } from './run.ts';
import type { Outgoing, Source } from './source.ts';
import { type Server, sandboxKey, startServer, stopServer, verify } from './testing/holdfast.ts';
import { DISORDER_LEVELS, DISORDERS, type Disorder, type Fortune, fortuneOf, NO_DISORDER } from './traffic/disorder.ts';
import { merchantsOf } from './traffic/merchants.ts';
import { MESSAGE_TYPES } from './traffic/message.ts';
import { type Purchase, purchase, type SimulatedCard } from './traffic/purchase.ts';
import { randomOf } from './traffic/random.ts';
import { trafficSource } from './traffic/trafficSource.ts';
import { httpTransport, type Transport } from './transport.ts';

const SEEDS = Number(process.env.HOLDFAST_DISORDER_SEEDS ?? 2);
const PURCHASES = Number(process.env.HOLDFAST_DISORDER_PURCHASES ?? 350);
const FIRST_SEED = Number(process.env.HOLDFAST_SEED ?? 20_261_127);
const CONNECTIONS = 16;
const CURRENCIES = ['EUR', 'USD', 'JPY', 'KWD'];
const CARDS_AN_ACCOUNT = 2;
/** 12 digits: more than all purchases come to. */
const DEPOSIT = 999_999_999_999;
const DEPOSITS = 5;

let folder: string;
let server: Server;
let key: string;
let transport: Transport;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-disorder-'));
  server = await startServer(join(folder, 'data'));
  key = await sandboxKey(join(folder, 'data'));
  transport = httpTransport({ url: new URL(server.url), connections: CONNECTIONS }, key, systemClock);
});

afterAll(async () => {
  await transport.close();
  await stopServer(server, 'SIGTERM');
  await rm(folder, { recursive: true });
});

describe('the same purchases, in order and in disorder', () => {
  const shown = new Set<string>();
  const made = new Set<string>();

  test.each(Array.from({ length: SEEDS }, (_, index) => FIRST_SEED + index))(
    'come to the same balances, and each to the same end: seed %i',
    async (seed) => {
      const orderly = await settled(seed, NO_DISORDER);
      const disorder = disorderOf(seed);
      const disorderly = await settled(seed, disorder);
      expect(differing(seed, disorder, orderly, disorderly), `with ${JSON.stringify(disorder)}`).toEqual([]);
      expect(disorderly.balances).toEqual(orderly.balances);
      for (const kind of [...orderly.counted.kinds.keys(), ...disorderly.counted.kinds.keys()]) shown.add(kind);
      for (const kind of disorderly.counted.disorder.keys()) made.add(kind);
    },
  );

  test('were of all kinds, in all disorder', () => {
    expect([...shown].sort()).toEqual([...MESSAGE_TYPES].sort());
    expect([...made].sort()).toEqual([...DISORDERS].sort());
  });

  test('leave a log of which everything holds', async () => {
    const { status, out } = await verify(join(folder, 'data'));
    expect({ status, out }).toEqual({ status: 0, out: expect.any(String) });
  });
});

/** The worst level for every other seed, anything for the others. */
function disorderOf(seed: number): Disorder {
  const worst = DISORDER_LEVELS.at(-1) ?? NO_DISORDER;
  if (seed % 2 === 1) return worst;
  const random = randomOf(seed, 9);
  const most = { duplicates: 50, repeats: 50, late: 60, out_of_order: 100, dropped_answers: 50, stand_in: 50 };
  return Object.assign({ ...worst }, ...DISORDERS.map((kind) => ({ [kind]: 1 + random.below(most[kind]) })));
}

type Ends = {
  readonly balances: readonly unknown[];
  /** By the number of the purchase. */
  readonly purchases: ReadonlyMap<number, End>;
  readonly counted: Tally;
};

/** What all transactions of a purchase come to; minor units of the purchase's and of the account's currency. */
type End = {
  readonly open: number;
  readonly held: number;
  readonly pendingCredit: number;
  readonly cleared: number;
  readonly clearedInAccount: number;
  readonly refunded: number;
  readonly refundedInAccount: number;
  readonly approved: number;
  readonly status: 'settled' | 'pending' | 'nothing';
};

/** Runs the purchases of a seed to their end on accounts of their own, with money enough for all and no limits. */
async function settled(seed: number, disorder: Disorder): Promise<Ends> {
  const { accounts, cards } = await openAccounts();
  const startedAtMs = systemClock.nowMs();
  const counted = tally(startedAtMs);
  const threads = new Map<string, number>();
  const heard = new Set<string>();
  const source = trafficSource({
    seed,
    cards,
    startedAtMs,
    durationMs: Number.POSITIVE_INFINITY,
    purchases: PURCHASES,
    disorder,
  });
  let position = 0n;
  const seen = (outgoing: Outgoing): Outgoing => {
    const { message, purchase: number = -1, disorder: kinds = [] } = outgoing;
    const id = String(message.network_transaction_id);
    threads.set(id, number);
    if (!kinds.includes('dropped_answers') && message.reason !== 'no_answer') heard.add(id);
    return {
      ...outgoing,
      answered: (answer, nowMs) => {
        if (BigInt(answer.position) > position) position = BigInt(answer.position);
        outgoing.answered?.(answer, nowMs);
      },
    };
  };
  const watched: Source = {
    ...source,
    next: async (nowMs, stop) => {
      const outgoing = await source.next(nowMs, stop);
      return outgoing === undefined ? undefined : seen(outgoing);
    },
  };
  await run({
    source: watched,
    transport,
    pace: paceOf(0, startedAtMs, Number.POSITIVE_INFINITY),
    tally: counted,
    results: noResults,
    connections: CONNECTIONS,
    clock: systemClock,
    stop: new AbortController().signal,
  });
  expect({ broken: [...counted.broken], errors: [...counted.errors], refusals: [...counted.refusals] }).toEqual({
    broken: [],
    errors: [],
    refusals: [],
  });

  const balances: unknown[] = [];
  const transactions: Transaction[] = [];
  for (const account of accounts) {
    const read = await get(`/v1/accounts/${account}/balance?min_position=${position}`, balanceSchema);
    balances.push(read);
    transactions.push(...(await transactionsOf(account)));
  }
  return { balances, purchases: endsOf(transactions, threads, heard), counted };
}

function endsOf(
  transactions: readonly Transaction[],
  threads: ReadonlyMap<string, number>,
  heard: ReadonlySet<string>,
): ReadonlyMap<number, End> {
  const ends = new Map<number, End>();
  for (const { network_transaction_id: id, status, amounts, account_amounts: inAccount } of transactions) {
    const number = threads.get(id ?? '');
    if (number === undefined) throw new Error(`nobody sent a message of ${id}`);
    const before = ends.get(number) ?? NOTHING;
    ends.set(number, {
      open: before.open + amounts.open,
      held: before.held + inAccount.held,
      pendingCredit: before.pendingCredit + amounts.pending_credit,
      cleared: before.cleared + amounts.cleared,
      clearedInAccount: before.clearedInAccount + inAccount.cleared,
      refunded: before.refunded + amounts.refunded,
      refundedInAccount: before.refundedInAccount + inAccount.refunded,
      approved: before.approved + (heard.has(id ?? '') ? amounts.approved : 0),
      status: endedLast(before.status, endOf(status)),
    });
  }
  return ends;
}

const NOTHING: End = {
  open: 0,
  held: 0,
  pendingCredit: 0,
  cleared: 0,
  clearedInAccount: 0,
  refunded: 0,
  refundedInAccount: 0,
  approved: 0,
  status: 'nothing',
};

/** Whether a reversal or a decline undid it is a matter of what came first. */
function endOf(status: string): End['status'] {
  if (status === 'settled') return 'settled';
  return status === 'voided' || status === 'declined' ? 'nothing' : 'pending';
}

function endedLast(a: End['status'], b: End['status']): End['status'] {
  if (a === 'pending' || b === 'pending') return 'pending';
  return a === 'settled' || b === 'settled' ? 'settled' : 'nothing';
}

/** Purchases whose ends differ in what the rules make equal, however they came. */
function differing(seed: number, disorder: Disorder, orderly: Ends, disorderly: Ends): readonly unknown[] {
  const merchants = merchantsOf(seed);
  const cards = CURRENCIES.flatMap((currency) => Array.from({ length: CARDS_AN_ACCOUNT }, () => card('', currency)));
  const found: unknown[] = [];
  for (let number = 0; number < PURCHASES; number += 1) {
    const bought = purchase(seed, number, cards, merchants);
    const fortune = fortuneOf(seed, bought, disorder);
    const same = (end: End = NOTHING) => comparable(bought, fortune, end);
    const [expected, ended] = [same(orderly.purchases.get(number)), same(disorderly.purchases.get(number))];
    if (JSON.stringify(expected) !== JSON.stringify(ended)) {
      const { kind, afterwards } = bought.plan;
      found.push({ number, kind, afterwards, fortune, expected, ended });
    }
  }
  return found;
}

/**
 * Two totals are the order's. What was *approved*: a full reversal that comes first declines; an increment that comes
 * before its authorization is declined; an advice after the final clearing changes nothing. And what was *refunded*, less
 * refund reversals: one takes back at most what there is when it comes.
 */
function comparable({ plan: { kind, afterwards } }: Purchase, { standIn, outOfOrder }: Fortune, end: End) {
  const { approved, refunded, refundedInAccount, ...rest } = end;
  const plain =
    kind.of === 'ordinary' &&
    !(standIn && outOfOrder) &&
    !['reversed', 'cleared_in_part', 'cleared_after_reversal', 'reversed_by_amount', 'reversed_to_remaining'].includes(
      kind.fate,
    );
  return {
    ...rest,
    ...(plain ? { approved } : {}),
    ...(afterwards === 'reversed_refund' ? {} : { refunded, refundedInAccount }),
  };
}

async function openAccounts() {
  const program = await post('/v1/programs', { name: 'Disorder', hold_expiry_days: 7 });
  const accounts: string[] = [];
  const cards: SimulatedCard[] = [];
  for (const currency of CURRENCIES) {
    const { id } = await post('/v1/accounts', { program_id: program.id, currency, name: currency });
    accounts.push(id);
    for (let index = 0; index < DEPOSITS; index += 1) {
      await post(`/v1/accounts/${id}/deposits`, { amount: DEPOSIT, currency });
    }
    for (let index = 0; index < CARDS_AN_ACCOUNT; index += 1) {
      cards.push(card((await post('/v1/cards', { account_id: id })).id, currency));
    }
  }
  return { accounts, cards };
}

function card(id: string, currency: string): SimulatedCard {
  return { id, currency, allowed: [] };
}

const minor = z.int();
const balanceSchema = z.object({
  currency: z.string(),
  available: minor,
  held: minor,
  posted: minor,
  pending_credit: minor,
});
const amountsSchema = z.looseObject({
  approved: minor,
  open: minor,
  cleared: minor,
  refunded: minor,
  pending_credit: minor,
});
const transactionSchema = z.looseObject({
  network_transaction_id: z.string().nullable(),
  status: z.string(),
  amounts: amountsSchema,
  account_amounts: amountsSchema.extend({ held: minor }),
});
type Transaction = z.infer<typeof transactionSchema>;

function listOf<Item>(item: z.ZodType<Item>) {
  return z.looseObject({ data: z.array(item), next_cursor: z.string().nullable() });
}

async function transactionsOf(account: string): Promise<readonly Transaction[]> {
  const found: Transaction[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: z.infer<ReturnType<typeof listOf<Transaction>>> = await get(
      `/v1/transactions?account_id=${account}&limit=100${after}`,
      listOf(transactionSchema),
    );
    found.push(...page.data);
    cursor = page.next_cursor;
  }
  return found;
}

async function get<Shape>(path: string, schema: z.ZodType<Shape>): Promise<Shape> {
  const { status, body } = await transport.get(path);
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
  return schema.parse(body);
}

async function post(path: string, body: unknown) {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    },
    body: JSON.stringify(body),
  });
  if (response.status >= 300) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
  return z.looseObject({ id: z.string() }).parse(await response.json());
}
