import { describe, expect, test } from 'vitest';
import type { Answer } from '../answer.ts';
import type { Clock } from '../clock.ts';
import type { Outgoing } from '../source.ts';
import { AFTERWARDS, FATES, LINKS, NETWORKS, REQUESTS, SINGLES, STAYS } from './balance.ts';
import { DISORDER_LEVELS, DISORDERS, type Disorder, type DisorderKind, NO_DISORDER } from './disorder.ts';
import { isDecided, MESSAGE_TYPES, type MessageType } from './message.ts';
import { trafficSource } from './trafficSource.ts';

const STARTED = Date.UTC(2026, 10, 23, 12);
const CARDS = [
  { id: 'card_a', currency: 'EUR', allowed: [] },
  { id: 'card_b', currency: 'EUR', allowed: ['4511', '7011', '3000'] },
  { id: 'card_c', currency: 'USD', allowed: ['0742'] },
];
const WORST = DISORDER_LEVELS.at(-1) ?? NO_DISORDER;
const only = (kind: DisorderKind, percent = 50): Disorder => ({ ...NO_DISORDER, [kind]: percent });

type Sent = { readonly outgoing: Outgoing; readonly answer: Answer; readonly atMs: number };
type Decide = (outgoing: Outgoing, index: number) => Partial<Answer>;
type Setting = { decide?: Decide; startedAtMs?: number; disorder?: Disorder; purchases?: number };

/** A network that sends one message after the other to whoever decides as `decide` says, on a clock that never waits. */
async function send(seed: number, count: number, setting: Setting = {}): Promise<Sent[]> {
  const { decide = approve, startedAtMs = STARTED, disorder = NO_DISORDER, purchases } = setting;
  const clock = turnedClock(startedAtMs);
  const source = trafficSource({
    seed,
    cards: CARDS,
    startedAtMs,
    durationMs: 10 * count,
    disorder,
    clock,
    ...(purchases === undefined ? {} : { purchases }),
  });
  const sent: Sent[] = [];
  while (sent.length < count) {
    const outgoing = await source.next(clock.nowMs());
    if (outgoing === undefined) break;
    const answer = answerTo(outgoing, sent.length, decide);
    sent.push({ outgoing, answer, atMs: clock.nowMs() });
    clock.turn(2);
    outgoing.answered?.(answer, clock.nowMs());
    outgoing.ended?.(clock.nowMs());
    clock.turn(8);
  }
  return sent;
}

/** All of `purchases`, to their end. */
const sendAll = (seed: number, purchases: number, setting: Setting = {}) =>
  send(seed, Number.POSITIVE_INFINITY, { ...setting, purchases });

function turnedClock(startedAtMs: number): Clock & { turn(ms: number): void } {
  let nowMs = startedAtMs;
  return {
    nowMs: () => nowMs,
    until: async (atMs) => {
      nowMs = Math.max(nowMs, atMs);
    },
    turn: (ms) => {
      nowMs += ms;
    },
  };
}

function answerTo(outgoing: Outgoing, index: number, decide: Decide): Answer {
  const answer = {
    decision: 'accepted' as const,
    response_code: '00',
    currency: String(outgoing.message.currency),
    transaction_id: `txn_${outgoing.purchase}`,
    reasons: [],
    flags: [],
    position: `${index}`,
  };
  return isDecided(typeOf(outgoing)) ? { ...answer, ...decide(outgoing, index) } : answer;
}

function approve({ message }: Outgoing): Partial<Answer> {
  return { decision: 'approved', approved_amount: Number(message.amount ?? 0), authorization_code: 'A1B2C3' };
}

function decline(): Partial<Answer> {
  return { decision: 'declined', response_code: '51', reason: 'insufficient_funds' };
}

function typeOf({ message }: Outgoing): MessageType {
  const type = MESSAGE_TYPES.find((each) => each === message.type);
  if (type === undefined) throw new Error(`there is no ${message.type}`);
  return type;
}

const isNew = ({ outgoing }: Sent) => outgoing.again !== true;
const ofType = (sent: readonly Sent[], ...types: MessageType[]) =>
  sent.filter(({ outgoing }) => types.includes(typeOf(outgoing)));
const made = (sent: readonly Sent[], kind: DisorderKind) =>
  sent.filter(({ outgoing }) => outgoing.disorder?.includes(kind) === true);
const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
const share = (part: readonly unknown[], whole: readonly unknown[]) => part.length / whole.length;
const sentAt = ({ outgoing }: Sent) => Date.parse(String(outgoing.message.transmitted_at));
/** What a message says, without what it is known by. */
const content = ({ outgoing }: Sent) => {
  const { stan, rrn, network_transaction_id, transmitted_at, arn, original, ...said } = outgoing.message;
  expect([stan, rrn, transmitted_at]).not.toContain(undefined);
  return { purchase: outgoing.purchase, ...said };
};
/** The first message of each purchase, by its number. */
function openings(sent: readonly Sent[]): readonly Sent[] {
  const first = new Map<unknown, Sent>();
  for (const each of sent) if (!first.has(each.outgoing.purchase)) first.set(each.outgoing.purchase, each);
  return [...first.values()];
}

describe('traffic of a seed', () => {
  test.each([
    ['in order', NO_DISORDER],
    ['in disorder', WORST],
  ])('%s is the same every time, over the same cards, the same clock and the same answers', async (_case, disorder) => {
    const messages = async (seed: number) =>
      (await send(seed, 2_000, { disorder })).map(({ outgoing }) => outgoing.message);
    expect(await messages(7)).toEqual(await messages(7));
    expect(await messages(8)).not.toEqual(await messages(7));
  });

  test('makes the same purchases at another time and with other answers: only what comes from time differs', async () => {
    const purchases = (sent: readonly Sent[]) => openings(sent).slice(0, 250).map(content);
    const approved = await send(7, 1_500);
    const declined = await send(7, 1_500, { decide: decline, startedAtMs: STARTED + 86_400_000 });
    expect(purchases(declined)).toEqual(purchases(approved));
  });

  test('makes the same purchases whatever the disorder', async () => {
    const disorder = { ...NO_DISORDER, duplicates: 60, repeats: 60, late: 60 };
    const byPurchase = (sent: readonly Sent[]) =>
      sent
        .filter(isNew)
        .map(content)
        .sort((a, b) => Number(a.purchase) - Number(b.purchase));
    expect(byPurchase(await sendAll(7, 200, { disorder }))).toEqual(byPurchase(await sendAll(7, 200)));
  });

  test('has no two messages of one identity but a message and its copies', async () => {
    const identities = (await send(3, 5_000, { disorder: WORST }))
      .filter(isNew)
      .map(({ outgoing: { message: m } }) => [m.type, m.acquirer_id, m.terminal_id, m.stan, m.transmitted_at].join());
    expect(new Set(identities).size).toBe(identities.length);
  });

  test('shows every kind of message, link and ending in a run of 3,000 messages', async () => {
    const sent = await send(1, 3_000);
    expect([...new Set(sent.map(({ outgoing }) => typeOf(outgoing)))].sort()).toEqual([...MESSAGE_TYPES].sort());
    const of = (...types: MessageType[]) => ofType(sent, ...types).map(({ outgoing }) => outgoing.message);
    const clearings = of('clearing');
    const reversals = of('reversal', 'reversal_advice');
    const single = of('financial_authorization');
    const seen = {
      finalClearing: clearings.some((message) => message.final === true),
      partialClearing: clearings.some((message) => message.final === false),
      fullReversal: reversals.some((message) => !('amount' in message) && !('remaining_amount' in message)),
      reversalByAmount: reversals.some((message) => 'amount' in message),
      reversalToRemaining: reversals.some((message) => 'remaining_amount' in message),
      reversalOfIncrement: reversals.some((message) => String(field(message.original, 'type')).startsWith('increment')),
      byOriginal: clearings.some((message) => 'original' in message),
      byTransactionId: clearings.some((message) => 'network_transaction_id' in message),
      byRrn: clearings.some((message) => !('original' in message) && !('network_transaction_id' in message)),
      surcharge: single.some((message) => 'surcharge_amount' in message),
      cashback: single.some((message) => field(message.merchant, 'mcc') === '5411'),
      fuel: of('authorization_advice').some((message) => field(message.merchant, 'mcc') === '5542'),
      carRental: of('increment').some((message) => field(message.merchant, 'mcc') === '7512'),
      declinedByNetwork: of('authorization_advice').some((message) => message.network_decision === 'declined'),
      gambling: sent.some(({ outgoing }) => field(outgoing.message.merchant, 'mcc') === '7995'),
      foreign: sent.some(({ outgoing }) => 'billing' in outgoing.message),
    };
    expect(Object.entries(seen).filter(([, shown]) => !shown)).toEqual([]);
  });

  test('keeps the balance that its tables state', async () => {
    const purchases = await send(2, 20_000, { decide: decline, purchases: 20_000 });
    const first = openings(purchases);
    const stated = (kind: string) => (REQUESTS.find((request) => request.kind === kind)?.share ?? 0) / 1_000;
    const isCard = (id: unknown) => CARDS.some((card) => card.id === id);
    const unknown = first.filter(({ outgoing: { message } }) => !isCard(field(message.card, 'id')));
    const gambling = first.filter(({ outgoing: { message } }) => field(message.merchant, 'mcc') === '7995');
    expect(share(unknown, first)).toBeCloseTo(stated('unknown_card'), 2);
    expect(share(gambling, first)).toBeCloseTo(stated('gambling'), 2);
    expect(share(ofType(first, 'balance_inquiry'), first)).toBeCloseTo(stated('balance_inquiry'), 2);
    expect(share(ofType(first, 'refund'), first)).toBeCloseTo(stated('refund'), 2);
    for (const table of [REQUESTS, FATES, STAYS, SINGLES, AFTERWARDS, LINKS, NETWORKS])
      expect(table.reduce((sum, each) => sum + each.share, 0)).toBe(1_000);
  });

  test('keeps a card mostly to the categories that it is allowed, where there are merchants of them', async () => {
    const purchases = openings(await send(9, 6_000, { decide: decline }));
    const categories = (card: string) =>
      purchases
        .filter(({ outgoing: { message } }) => field(message.card, 'id') === card)
        .map(({ outgoing: { message } }) => String(field(message.merchant, 'mcc')));
    const within = categories('card_b').filter((mcc) => ['4511', '7011'].includes(mcc));
    // 0.85 of them, a few of the rest by chance, less the gambling.
    expect(Math.abs(share(within, categories('card_b')) - 0.85)).toBeLessThan(0.04);
    expect(new Set(categories('card_a')).size).toBeGreaterThan(10);
    expect(new Set(categories('card_c')).size).toBeGreaterThan(10);
  });

  test('is charged at home in the account’s currency, abroad with a billing amount in it', async () => {
    for (const { outgoing } of await send(4, 3_000)) {
      const { currency, billing, card, amount } = outgoing.message;
      const home = CARDS.find(({ id }) => id === field(card, 'id'))?.currency;
      if (home === undefined || amount === undefined || typeOf(outgoing).startsWith('reversal')) continue;
      expect(currency === home).toBe(billing === undefined);
      if (billing !== undefined) expect(field(billing, 'currency')).toBe(home);
    }
  });
});

describe('what follows', () => {
  test('never comes for what was declined', async () => {
    const sent = await sendAll(5, 1_000, { decide: decline });
    const asked = new Set(
      sent.filter(({ outgoing }) => isDecided(typeOf(outgoing))).map(({ outgoing }) => outgoing.purchase),
    );
    for (const purchase of asked) {
      expect(sent.filter(({ outgoing }) => outgoing.purchase === purchase)).toHaveLength(1);
    }
  });

  test('clears of a partial approval what was approved, and a tip', async () => {
    const half: Decide = (outgoing) => ({
      ...approve(outgoing),
      ...(outgoing.message.partial_approval === true && Number(outgoing.message.amount) > 1
        ? { decision: 'partially_approved', approved_amount: Math.floor(Number(outgoing.message.amount) / 2) }
        : {}),
    });
    const sent = await sendAll(6, 1_000, { decide: half });
    const partly = sent.filter(({ answer }) => answer.decision === 'partially_approved');
    const plain = partly.filter(
      ({ outgoing }) => !['5542', '7011', '7512'].includes(String(field(outgoing.message.merchant, 'mcc'))),
    );
    expect(plain.length).toBeGreaterThan(20);
    for (const { outgoing, answer } of plain) {
      const clearings = ofType(sent, 'clearing').filter((each) => each.outgoing.purchase === outgoing.purchase);
      const cleared = clearings.reduce((sum, each) => sum + Number(each.outgoing.message.amount), 0);
      expect(cleared).toBeLessThanOrEqual(Math.ceil((answer.approved_amount ?? 0) * 1.2) + 1);
    }
  });

  test('clears no increment that was declined, and takes none back', async () => {
    const noMore: Decide = (outgoing) => (outgoing.message.type === 'increment' ? decline() : approve(outgoing));
    const sent = await sendAll(8, 1_500, { decide: noMore });
    const asked = ofType(sent, 'increment');
    expect(asked.length).toBeGreaterThan(20);
    for (const { outgoing } of asked) {
      const others = sent.filter((each) => each.outgoing.purchase === outgoing.purchase);
      expect(
        ofType(others, 'reversal', 'reversal_advice').filter(
          ({ outgoing: { message } }) => field(message.original, 'type') === 'increment',
        ),
      ).toEqual([]);
    }
  });

  test('ends when every purchase has come to its end', async () => {
    const sent = await sendAll(11, 300, { disorder: WORST });
    expect(Math.max(...sent.map(({ outgoing }) => outgoing.purchase ?? -1))).toBe(299);
    const again = await sendAll(11, 300, { disorder: WORST });
    expect(again.length).toBe(sent.length);
  });

  test('ends also when nothing is answered, and at once when it is told to stop', async () => {
    const clock = turnedClock(STARTED);
    const options = { seed: 1, cards: CARDS, startedAtMs: STARTED, durationMs: 1_000, purchases: 3, clock };
    const source = trafficSource(options);
    const taken = [];
    for (;;) {
      const outgoing = await source.next(clock.nowMs());
      if (outgoing === undefined) break;
      taken.push(outgoing);
      outgoing.ended?.(clock.nowMs());
    }
    expect(taken).toHaveLength(3);

    const stop = new AbortController();
    const waiting = trafficSource({ ...options, purchases: 1 });
    await waiting.next(STARTED, stop.signal);
    stop.abort();
    expect(await waiting.next(STARTED, stop.signal)).toBeUndefined();
  });
});

describe('disorder', () => {
  test('of none is none; of each kind is of that kind alone', async () => {
    const kinds = (sent: readonly Sent[]) => [...new Set(sent.flatMap(({ outgoing }) => outgoing.disorder ?? []))];
    expect(kinds(await sendAll(21, 300))).toEqual([]);
    for (const kind of DISORDERS) {
      const others = kind === 'stand_in' ? ['out_of_order'] : [];
      const found = kinds(await sendAll(21, 300, { disorder: only(kind) }));
      expect(found.filter((each) => !others.includes(each))).toEqual([kind]);
    }
  });

  test.each([
    ['duplicates', false],
    ['repeats', true],
  ] as const)('%s are the message as it was, and must get its answer', async (kind, repeat) => {
    const sent = await sendAll(22, 300, { disorder: only(kind) });
    const copies = made(sent, kind);
    expect(copies.length).toBeGreaterThan(100);
    for (const { outgoing } of copies) {
      const { repeat: marked, transmitted_at, ...message } = outgoing.message;
      const first = sent.find((each) => isNew(each) && each.outgoing.message.stan === message.stan);
      const { transmitted_at: firstAt, ...original } = first?.outgoing.message ?? {};
      expect(message).toEqual(original);
      expect(marked).toBe(repeat ? true : undefined);
      expect(transmitted_at === firstAt).toBe(!repeat);
      // Whichever is answered first, the other one knows it.
      expect(outgoing.expectation).toBe(first?.outgoing.expectation);
    }
  });

  test('late messages were sent long before they come; the others when they come', async () => {
    const sent = await sendAll(23, 300, { disorder: only('late') });
    for (const each of sent) {
      const late = each.outgoing.disorder?.includes('late') === true;
      expect(each.atMs - sentAt(each) > 5).toBe(late);
    }
  });

  test('out of order a purchase’s messages come in another order than they say they were sent in', async () => {
    const sent = await sendAll(24, 400, { disorder: only('out_of_order', 100) });
    const clearedFirst = ofType(sent, 'clearing').filter((clearing) => {
      const asked = ofType(sent, 'authorization').find((each) => each.outgoing.purchase === clearing.outgoing.purchase);
      return asked !== undefined && asked.atMs > clearing.atMs && sentAt(asked) < sentAt(clearing);
    });
    expect(clearedFirst.length).toBeGreaterThan(50);
    for (const { outgoing } of clearedFirst) expect(outgoing.message.network_transaction_id).toBeDefined();
  });

  test('of an answer that nobody heard the request is taken back, and asked anew under other numbers', async () => {
    const sent = await sendAll(25, 400, { disorder: only('dropped_answers') });
    const unheard = made(sent, 'dropped_answers');
    expect(unheard.length).toBeGreaterThan(100);
    for (const { outgoing } of unheard) {
      const { stan, transmitted_at, type, amount } = outgoing.message;
      const back = sent.find(
        (each) =>
          field(each.outgoing.message.original, 'stan') === stan && each.outgoing.message.reason === 'no_answer',
      );
      expect(back?.outgoing.message.original).toMatchObject({ stan, transmitted_at, type });
      const anew = sent.find(
        (each) =>
          each.outgoing.purchase === outgoing.purchase &&
          each.outgoing.message.type === type &&
          each.outgoing.message.amount === amount &&
          each.outgoing.message.stan !== stan,
      );
      expect(anew?.atMs).toBeGreaterThan(back?.atMs ?? Number.POSITIVE_INFINITY);
    }
  });

  test('in an outage the network tells what it has decided; a request that arrives after all was sent before', async () => {
    const sent = await sendAll(26, 400, { disorder: only('stand_in') });
    const advised = openings(made(sent, 'stand_in'));
    expect(advised.length).toBeGreaterThan(100);
    const purchases = new Set(advised.map(({ outgoing }) => outgoing.purchase));
    const requests = ofType(sent, 'authorization', 'financial_authorization', 'increment').filter(({ outgoing }) =>
      purchases.has(outgoing.purchase),
    );
    expect(requests.length).toBeGreaterThan(10);
    for (const request of requests) {
      const advice = advised.find(({ outgoing }) => outgoing.purchase === request.outgoing.purchase);
      expect(advice?.outgoing.message.type).toBe('authorization_advice');
      expect(request.atMs).toBeGreaterThan(advice?.atMs ?? Number.POSITIVE_INFINITY);
      expect(sentAt(request)).toBeLessThan(advice === undefined ? 0 : sentAt(advice));
    }
  });
});
