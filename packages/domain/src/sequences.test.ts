// sequences.test.ts: whatever happens, the account does what the plain rules say, and what must hold holds.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newAccount } from './accounts/account.ts';
import { evolveAccount, remember } from './accounts/evolve.ts';
import { dayAt } from './controls/spending.ts';
import type { AccountId, TransferId } from './ids.ts';
import {
  type Answer,
  type DecidableMessage,
  decideMessage,
  isOverdraft,
  postedChange,
  transactionIdOf,
} from './index.ts';
import { comparable } from './testing/comparable.ts';
import {
  account,
  card,
  cardNamed,
  contentOf,
  controlsOf,
  identityOf,
  manage,
  newestApproval,
  newStory,
  type Story,
  send,
  time,
} from './testing/index.ts';
import { naiveAccount } from './testing/naiveAccount.ts';
import { type Happening, linkOf, sequences, ZONES } from './testing/sequences.ts';
import { contextOf } from './testing/story.ts';
import { toIso } from './time.ts';

const RUNS = Number(process.env.HOLDFAST_SEQUENCES ?? 300);
const CARDS = ['one', 'two'].map(cardNamed);
type Model = ReturnType<typeof naiveAccount>;

function play(happenings: readonly Happening[]): Story {
  const story = newStory();
  const model = naiveAccount('USD', story.program.holdExpiry.other);
  const sent: DecidableMessage[] = [];
  account('300.00', 'USD')(story);
  model.deposit(30_000n);
  for (const name of ['one', 'two']) {
    card({ name })(story);
    model.setCard(cardNamed(name), 'active');
  }
  let postedMinor = sumOfEntries(story, 0);
  for (const one of happenings) {
    const from = story.events.length;
    happen(story, model, sent, one);
    postedMinor += sumOfEntries(story, from);
    const { availableMinor, heldMinor } = story.account.balances;
    expect(postedMinor, 'posted, seen from the other side').toBe(availableMinor + heldMinor);
    const last = story.events.findLast((event) => isOverdraft(event));
    expect(last?.type === 'AccountOverdrawn', 'said to be overdrawn').toBe(model.spendable() < 0n);
    expect({ ...viewOf(story) }).toEqual(modelView(model, story));
  }
  return story;
}

function happen(story: Story, model: Model, sent: DecidableMessage[], one: Happening): void {
  const { account, accountId } = story;
  switch (one.kind) {
    case 'authorization':
    case 'clearing':
    case 'reversal':
      deliver(story, model, sent, messageOf(story, sent, one));
      return;
    case 'again': {
      const message = sent[one.target % sent.length];
      if (message === undefined) return;
      const marked = { ...message, repeat: true, transmittedAt: toIso(story.now + 1) };
      deliver(story, model, sent, one.marked ? marked : message);
      return;
    }
    case 'twin': {
      const message = sent[one.target % sent.length];
      if (message === undefined) return;
      deliver(story, model, sent, { ...message, amountMinor: (message.amountMinor ?? 0n) + 1n });
      return;
    }
    case 'expiry':
    case 'late release': {
      const all = [...account.transactions.values()];
      const index = one.target % Math.max(all.length, 1);
      const transaction = all[index];
      const plain = model.transactions[index];
      if (transaction === undefined || plain === undefined) return;
      const { transactionId, expiresAt } = transaction;
      if (one.kind === 'expiry') {
        if (expiresAt === undefined) return;
        if (one.due) story.now = Math.max(story.now, expiresAt);
        time(story, { type: 'expire', transactionId, expiresAt });
        model.expire(plain, story.now);
      } else {
        time(story, { type: 'releaseLate', transactionId, decision: newestApproval(story, transactionId) });
        model.releaseLate(plain, story.now);
      }
      return;
    }
    case 'deposit':
      manage(story, {
        type: 'deposit',
        accountId,
        depositId: 'dep' as never,
        amountMinor: one.minor,
        currency: story.currency,
      });
      model.deposit(one.minor);
      return;
    case 'withdrawal': {
      const withdrawalId = 'wdr' as never;
      const sum = { amountMinor: one.minor, currency: story.currency };
      const { refusal } = manage(story, { type: 'withdraw', accountId, withdrawalId, ...sum });
      expect(refusal === undefined, 'withdrawn').toBe(one.minor <= model.spendable());
      if (refusal === undefined) model.deposit(-one.minor);
      return;
    }
    case 'credit line':
      manage(story, { type: 'setCreditLine', accountId, creditLineMinor: one.minor });
      model.setCreditLine(one.minor);
      return;
    case 'transfer out': {
      const transferId = `trf_${story.events.length}` as TransferId;
      const { programId, currency } = { ...story.program, currency: story.currency };
      const to = { target: 'acct_other' as AccountId, targetFacts: { programId, currency, status: 'open' } } as const;
      const sum = { transferId, amountMinor: one.minor, currency };
      const { refusal } = manage(story, { type: 'sendTransfer', accountId, ...to, ...sum });
      expect(refusal === undefined, 'sent').toBe(one.minor <= model.spendable());
      if (refusal === undefined) model.deposit(-one.minor);
      return;
    }
    case 'transfer in': {
      const from = { transferId: `trf_${story.events.length}` as TransferId, source: 'acct_other' as AccountId };
      const sum = { amountMinor: one.minor, currency: story.currency };
      manage(story, { type: 'receiveTransfer', accountId, ...from, ...sum });
      model.deposit(one.minor);
      return;
    }
    case 'transfer end': {
      const [oldest] = account.transfers.values();
      if (oldest === undefined) return;
      const refused = one.refused ? 'account_closed' : undefined;
      manage(story, { type: 'finishTransfer', accountId, transferId: oldest.transferId, refused });
      if (one.refused) model.deposit(oldest.amountMinor);
      return;
    }
    case 'correction': {
      const about = { correctionId: 'cor' as never, against: 'losses', reason: 'why' } as const;
      const sum = { amountMinor: one.minor, currency: story.currency, direction: one.direction };
      manage(story, { type: 'correct', accountId, ...about, ...sum });
      model.deposit(one.direction === 'credit' ? one.minor : -one.minor);
      return;
    }
    case 'card': {
      const cardId = cardAt(one.card);
      const done = manage(story, { type: one.does, cardId });
      const state = { pauseCard: 'paused', resumeCard: 'active', closeCard: 'closed' }[one.does];
      if (done.refusal === undefined) model.setCard(cardId, state);
      return;
    }
    case 'controls': {
      const controls = controlsOf(one.allows, story.currency);
      const cardId = one.card === undefined ? undefined : cardAt(one.card);
      const done =
        cardId === undefined
          ? manage(story, { type: 'setAccountControls', accountId, controls })
          : manage(story, { type: 'setCardControls', cardId, controls });
      if (done.refusal === undefined) model.setControls(cardId ?? 'account', controls);
      return;
    }
    case 'program':
      story.program = { ...story.program, status: one.paused ? 'paused' : 'active' };
      model.setProgramPaused(one.paused);
      return;
    case 'wait':
      story.now += one.ms;
      return;
    default:
      one satisfies never;
  }
}

const cardAt = (index: number) => CARDS[index] ?? cardNamed('one');

type Sent = Extract<Happening, { readonly kind: 'authorization' | 'clearing' | 'reversal' }>;

function messageOf(story: Story, earlier: readonly DecidableMessage[], one: Sent): DecidableMessage {
  const number = String(earlier.length + 1).padStart(6, '0');
  const { minor, currency, billedMinor } = one.sum;
  const common = {
    cardId: cardAt(one.card),
    network: 'visa',
    currency,
    acquirerId: '400123',
    terminalId: 'TERM0001',
    stan: number,
    rrn: `R${number}`,
    transmittedAt: toIso(story.now - one.delayMs),
    ...linkOf(one, earlier),
  };
  const billed = {
    ...(billedMinor === undefined ? {} : { billing: { amountMinor: billedMinor, currency: story.currency } }),
    merchant: { id: 'M1', mcc: one.kind === 'authorization' ? one.mcc : '5812' },
  };
  switch (one.kind) {
    case 'authorization':
      return { ...common, ...billed, type: one.kind, amountMinor: minor, partialApproval: one.partial };
    case 'clearing': {
      const arn = one.arn === '' ? {} : { arn: one.arn };
      return { ...common, ...billed, ...arn, type: one.kind, amountMinor: minor, final: one.final };
    }
    case 'reversal': {
      const type = one.advice ? 'reversal_advice' : 'reversal';
      if (one.how === 'all') return { ...common, type };
      return { ...common, type, ...(one.how === 'amount' ? { amountMinor: minor } : { remainingAmountMinor: minor }) };
    }
    default:
      return one satisfies never;
  }
}

function deliver(story: Story, model: Model, sent: DecidableMessage[], message: DecidableMessage): void {
  const context = contextOf(story, message);
  expect(decideMessage(story.account, message, context), 'decided twice').toEqual(
    decideMessage(story.account, message, context),
  );
  const { answer } = send(story, message);
  const expected = model.receive(message, identityOf(message), contentOf(message), story.now, context.answerBy);
  expect(answer === undefined ? '' : said(answer), message.type).toBe(expected);
  sent.push(message);
}

function said({ decision, reasons, flags, approvedMinor, billingMinor }: Answer): string {
  const amounts = [approvedMinor, billingMinor].filter((amount) => amount !== undefined).join(' ');
  const why = decision === 'partially_approved' ? amounts : reasons.join() || amounts;
  return `${decision} ${why} ${flags}`;
}

function sumOfEntries({ events, currency }: Story, from: number): bigint {
  return events.slice(from).reduce((sum, event) => sum + postedChange(event, currency), 0n);
}

function viewOf({ account, now }: Story) {
  const { availableMinor, heldMinor } = account.balances;
  return {
    postedMinor: availableMinor + heldMinor,
    heldMinor,
    transactions: [...account.transactions.values()].map((tx) => ({
      status: tx.status,
      open: [tx.totals.openMinor, tx.accountTotals.openMinor, tx.heldMinor],
      cleared: [tx.totals.clearedMinor, tx.accountTotals.clearedMinor],
      reversed: [tx.totals.reversedMinor, tx.accountTotals.reversedMinor],
      expiresAt: tx.expiresAt,
    })),
    spent: ZONES.map((zone) => [
      dayAt(account.spending, zone, now).spentMinor,
      ...[...account.cards.values()].map(({ spending }) => dayAt(spending, zone, now).spentMinor),
    ]),
  };
}

function modelView(model: Model, { now }: Story) {
  return {
    postedMinor: model.posted(),
    heldMinor: model.held(),
    transactions: model.transactions.map((tx) => ({
      status: tx.state,
      open: [tx.open, tx.openBilled, tx.held],
      cleared: [tx.cleared, tx.clearedBilled],
      reversed: [tx.reversed, tx.reversedBilled],
      expiresAt: tx.expiresAt,
    })),
    spent: ZONES.map((zone) => [model.spentToday(now, zone), ...CARDS.map((id) => model.spentToday(now, zone, id))]),
  };
}

describe('whatever happens', () => {
  test('the account does what the plain rules say, and what must hold holds after every event', () => {
    fc.assert(
      fc.property(sequences, (happenings) => void play(happenings)),
      { numRuns: RUNS },
    );
  });

  test('replaying its events gives the same account', () => {
    fc.assert(
      fc.property(sequences, (happenings) => {
        const { account, events } = play(happenings);
        const replayed = events.reduce(evolveAccount, newAccount());
        expect(comparable(replayed)).toEqual(comparable(account));
      }),
      { numRuns: RUNS / 3 },
    );
  });

  test('what has left memory comes back as it was, whatever comes back first', () => {
    fc.assert(
      fc.property(sequences, fc.infiniteStream(fc.nat()), (happenings, order) => {
        const { account, events } = play(happenings);
        const wholes = Map.groupBy(events, (event) =>
          event.type === 'MessageConflicted'
            ? `event ${event.revision}`
            : (transactionIdOf(event) ?? `event ${event.revision}`),
        );
        const back = {
          ...account,
          transactions: new Map(),
          commands: new Map(),
          messages: undefined,
          suspense: new Map(),
        };
        const ranked = [...wholes.values()].map((whole) => ({ whole, rank: order.next().value ?? 0 }));
        for (const { whole } of ranked.sort((a, b) => a.rank - b.rank)) {
          for (const event of whole) remember(back, event);
        }
        expect(comparable(back)).toEqual(comparable(account));
      }),
      { numRuns: RUNS / 3 },
    );
  });
});
