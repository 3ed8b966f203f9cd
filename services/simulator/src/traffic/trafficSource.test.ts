import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../answer.ts';
import type { Outgoing } from '../source.ts';
import { FATES, REQUESTS } from './balance.ts';
import { trafficSource } from './trafficSource.ts';

const STARTED = Date.UTC(2026, 10, 23, 12);
const CARDS = [
  { id: 'card_a', currency: 'EUR', allowed: [] },
  { id: 'card_b', currency: 'EUR', allowed: ['4511', '7011', '3000'] },
  { id: 'card_c', currency: 'USD', allowed: ['0742'] },
];

type Sent = { readonly outgoing: Outgoing; readonly answer: Answer };
type Decide = (outgoing: Outgoing, index: number) => Partial<Answer>;

/** A network that sends `count` messages, ten milliseconds apart, to whoever decides as `decide` says. */
async function send(seed: number, count: number, decide: Decide = approve, startedAtMs = STARTED): Promise<Sent[]> {
  const source = trafficSource({ seed, cards: CARDS, startedAtMs, durationMs: 10 * count });
  const sent: Sent[] = [];
  for (let index = 0; index < count; index += 1) {
    const now = startedAtMs + 10 * index;
    const outgoing = await source.next(now);
    if (outgoing === undefined) throw new Error('traffic never ends');
    const answer = answerTo(outgoing, index, decide);
    sent.push({ outgoing, answer });
    outgoing.answered?.(answer, now + 2);
  }
  return sent;
}

function answerTo(outgoing: Outgoing, index: number, decide: Decide): Answer {
  const answer = {
    decision: 'accepted' as const,
    response_code: '00',
    currency: String(outgoing.message.currency),
    transaction_id: `txn_${outgoing.message.rrn}`,
    reasons: [],
    flags: [],
    position: `${index}`,
  };
  return outgoing.message.type === 'authorization' ? { ...answer, ...decide(outgoing, index) } : answer;
}

function approve({ message }: Outgoing): Partial<Answer> {
  return { decision: 'approved', approved_amount: Number(message.amount), authorization_code: 'A1B2C3' };
}

function decline(): Partial<Answer> {
  return { decision: 'declined', response_code: '51', reason: 'insufficient_funds' };
}

const isNew = ({ outgoing }: Sent) => outgoing.message.repeat !== true;
const ofType = (sent: readonly Sent[], ...types: string[]) =>
  sent.filter(({ outgoing }) => types.includes(String(outgoing.message.type)));
const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
const share = (part: number, whole: number) => part / whole;

describe('traffic of a seed', () => {
  test('is the same every time, over the same cards, the same clock and the same answers', async () => {
    const messages = async (seed: number) => (await send(seed, 2_000)).map(({ outgoing }) => outgoing.message);
    expect(await messages(7)).toEqual(await messages(7));
    expect(await messages(8)).not.toEqual(await messages(7));
  });

  test('makes the same purchases at another time and with other answers: only what comes from time differs', async () => {
    const purchases = (sent: readonly Sent[]) =>
      ofType(sent, 'authorization')
        .filter(isNew)
        .slice(0, 300)
        .map(({ outgoing: { message } }) => {
          const { stan, rrn, network_transaction_id, transmitted_at, ...purchase } = message;
          expect([stan, rrn, network_transaction_id, transmitted_at]).not.toContain(undefined);
          return purchase;
        });
    const approved = await send(7, 1_000);
    const declined = await send(7, 1_000, decline, STARTED + 86_400_000);
    expect(purchases(declined)).toEqual(purchases(approved));
  });

  test('has no two messages of one identity but a message and its repeat', async () => {
    const identities = (await send(3, 5_000))
      .filter(isNew)
      .map(({ outgoing: { message: m } }) => [m.type, m.acquirer_id, m.terminal_id, m.stan, m.transmitted_at].join());
    expect(new Set(identities).size).toBe(identities.length);
  });

  test('shows every kind of message, link and ending in a run of 1,500 messages', async () => {
    const sent = await send(1, 1_500);
    const clearings = ofType(sent, 'clearing').map(({ outgoing }) => outgoing.message);
    const reversals = ofType(sent, 'reversal', 'reversal_advice').map(({ outgoing }) => outgoing.message);
    const seen = {
      finalClearing: clearings.some((message) => message.final === true),
      partialClearing: clearings.some((message) => message.final === false),
      fullReversal: reversals.some((message) => !('amount' in message) && !('remaining_amount' in message)),
      reversalByAmount: reversals.some((message) => 'amount' in message),
      reversalToRemaining: reversals.some((message) => 'remaining_amount' in message),
      advice: reversals.some(({ type }) => type === 'reversal_advice'),
      byOriginal: clearings.some((message) => 'original' in message),
      byTransactionId: clearings.some((message) => 'network_transaction_id' in message),
      byRrn: clearings.some((message) => !('original' in message) && !('network_transaction_id' in message)),
      repeat: sent.some((each) => !isNew(each)),
      gambling: sent.some(({ outgoing }) => field(outgoing.message.merchant, 'mcc') === '7995'),
      foreign: sent.some(({ outgoing }) => 'billing' in outgoing.message),
    };
    expect(Object.entries(seen).filter(([, shown]) => !shown)).toEqual([]);
  });

  test('keeps the balance that its table states', async () => {
    const purchases = ofType(await send(2, 20_000, decline), 'authorization').filter(isNew);
    const unknown = purchases.filter(
      ({ outgoing: { message } }) => !CARDS.some(({ id }) => id === field(message.card, 'id')),
    );
    const foreign = purchases.filter(({ outgoing: { message } }) => 'billing' in message);
    const gambling = purchases.filter(({ outgoing: { message } }) => field(message.merchant, 'mcc') === '7995');
    const stated = (kind: string) =>
      (REQUESTS.find((request) => request.kind === kind)?.share ?? 0) /
      REQUESTS.reduce((sum, each) => sum + each.share, 0);
    expect(share(unknown.length, purchases.length)).toBeCloseTo(stated('unknown_card'), 2);
    expect(share(gambling.length, purchases.length)).toBeCloseTo(stated('gambling'), 2);
    expect(share(foreign.length, purchases.length)).toBeCloseTo(0.16, 1);
    expect(FATES.reduce((sum, fate) => sum + fate.share, 0)).toBe(1_000);
    expect(REQUESTS.reduce((sum, request) => sum + request.share, 0)).toBe(1_000);
  });

  test('keeps a card mostly to the categories that it is allowed, where there are merchants of them', async () => {
    const purchases = ofType(await send(9, 6_000, decline), 'authorization').filter(isNew);
    const categories = (card: string) =>
      purchases
        .filter(({ outgoing: { message } }) => field(message.card, 'id') === card)
        .map(({ outgoing: { message } }) => String(field(message.merchant, 'mcc')));
    const within = categories('card_b').filter((mcc) => ['4511', '7011'].includes(mcc));
    // 0.85 of them, a few of the rest by chance, less the gambling.
    expect(Math.abs(share(within.length, categories('card_b').length) - 0.85)).toBeLessThan(0.04);
    expect(new Set(categories('card_a')).size).toBeGreaterThan(10);
    expect(new Set(categories('card_c')).size).toBeGreaterThan(10);
  });

  test('is charged at home in the account’s currency, abroad with a billing amount in it', async () => {
    for (const { outgoing } of await send(4, 3_000)) {
      const { currency, billing, card, amount } = outgoing.message;
      const home = CARDS.find(({ id }) => id === field(card, 'id'))?.currency;
      if (home === undefined || amount === undefined || outgoing.message.type === 'reversal') continue;
      if (outgoing.message.type === 'reversal_advice') continue;
      expect(currency === home).toBe(billing === undefined);
      if (billing !== undefined) expect(field(billing, 'currency')).toBe(home);
    }
  });
});

describe('follow-ups', () => {
  test('never come for what was declined', async () => {
    const sent = await send(5, 3_000, decline);
    expect(ofType(sent, 'authorization')).toHaveLength(3_000);
  });

  test('clear no more transactions than were approved, each once, and never beyond what is left', async () => {
    const decideBy: Decide = (outgoing, index) =>
      index % 5 === 0
        ? decline()
        : outgoing.message.partial_approval === true && index % 3 === 0 && Number(outgoing.message.amount) > 1
          ? {
              ...approve(outgoing),
              decision: 'partially_approved',
              approved_amount: Math.floor(Number(outgoing.message.amount) / 2),
            }
          : approve(outgoing);
    await fc.assert(
      fc.asyncProperty(fc.nat(0xffff_ffff), async (seed) => {
        const open = new Map<string, { approved: number; left: number; ended: boolean }>();
        for (const { outgoing, answer } of (await send(seed, 800, decideBy)).filter(isNew)) {
          const { type, rrn, amount, remaining_amount: remaining, final } = outgoing.message;
          if (type === 'authorization') {
            if (answer.decision !== 'declined') {
              const approved = answer.approved_amount ?? 0;
              open.set(String(rrn), { approved, left: approved, ended: false });
            }
            continue;
          }
          const transaction = open.get(String(rrn));
          if (transaction === undefined) throw new Error('a follow-up without an approval');
          expect(transaction.ended).toBe(false);
          if (type === 'clearing') {
            const above = final === true && transaction.left === transaction.approved;
            if (!above) expect(Number(amount)).toBeLessThanOrEqual(transaction.left);
            transaction.left -= Number(amount);
            transaction.ended = final === true;
          } else if (remaining !== undefined) {
            expect(Number(remaining)).toBeLessThan(transaction.left);
            transaction.left = Number(remaining);
          } else {
            const partly = amount !== undefined && Number(amount) < transaction.left;
            transaction.left -= partly ? Number(amount) : transaction.left;
            transaction.ended = transaction.left === 0;
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test('a duplicate is the message as it was, marked as a repeat, and must be answered the same', async () => {
    const sent = await send(6, 5_000);
    const repeats = sent.filter((each) => !isNew(each));
    expect(repeats.length).toBeGreaterThan(50);
    for (const { outgoing } of repeats) {
      const { repeat, ...message } = outgoing.message;
      const first = sent.find((each) => isNew(each) && each.outgoing.message.stan === message.stan);
      expect(repeat).toBe(true);
      expect(message).toEqual(first?.outgoing.message);
      expect(outgoing.expectation).toEqual({ of: 'same', answer: first?.answer });
    }
  });
});
