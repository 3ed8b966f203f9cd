// sequences.test.ts: whatever happens, the account does what the plain rules say, and what must hold holds.

import { currencyOf, formatMinor } from '@holdfast/money';
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
  type Totals,
  transactionIdOf,
} from './index.ts';
import { comparable } from './testing/comparable.ts';
import {
  type Allows,
  account,
  card,
  cardNamed,
  contentOf,
  controlsOf,
  holdExpiry,
  identityOf,
  manage,
  markup,
  newestApproval,
  newStory,
  rates,
  type Story,
  send,
  time,
} from './testing/index.ts';
import { naiveAccount } from './testing/naive/account.ts';
import type { Sums } from './testing/naive/amounts.ts';
import * as books from './testing/naive/book.ts';
import {
  type Allowed,
  type Happening,
  linkOf,
  type Sent,
  type Sequence,
  sequences,
  type Told,
  ZONES,
} from './testing/sequences.ts';
import { contextOf } from './testing/story.ts';
import { toIso } from './time.ts';

const { HOLDFAST_SEQUENCES, HOLDFAST_SEED } = process.env;
const RUNS = Number(HOLDFAST_SEQUENCES ?? 300);
/** The same sequences each time, unless others are asked for: a run must not fail for what its change did not do. */
const SEED = HOLDFAST_SEED ?? (HOLDFAST_SEQUENCES === undefined ? '20261128' : undefined);
const seeded = SEED === undefined ? {} : { seed: Number(SEED) };
const CARDS = ['one', 'two'].map(cardNamed);

/** An account, its model, what was sent to it, and what its entries come to so far. */
type Play = {
  readonly story: Story;
  readonly model: ReturnType<typeof naiveAccount>;
  readonly sent: Sent<DecidableMessage>[];
  readonly ledger: Map<string, bigint>;
};

function play({ currency, happenings }: Sequence): Story {
  const story = newStory();
  const model = naiveAccount(currency, story.program.holdExpiry);
  const played: Play = { story, model, sent: [], ledger: new Map() };
  account(formatMinor(30_000n, currency), currency)(story);
  deposited(played, 30_000n, 'bank');
  for (const name of ['one', 'two']) {
    card({ name })(story);
    model.book.cards.set(cardNamed(name), { state: 'active', expiry: '2811' });
  }
  let from = 0;
  let postedMinor = 0n;
  for (const one of happenings) {
    happen(played, one);
    postedMinor += book(played, from);
    from = story.events.length;
    const { availableMinor, heldMinor } = story.account.balances;
    expect(postedMinor, 'posted, seen from the other side').toBe(availableMinor + heldMinor);
    const last = story.events.findLast((event) => isOverdraft(event));
    expect(last?.type === 'AccountOverdrawn', 'said to be overdrawn').toBe(books.spendable(model.book) < 0n);
    expect(viewOf(played)).toEqual(modelView(played));
  }
  return story;
}

/** Adds up what the events from there on book; says what of it the account's owner got. */
function book({ story, ledger }: Play, from: number): bigint {
  let posted = 0n;
  for (const event of story.events.slice(from)) {
    posted += postedChange(event, story.currency);
    for (const leg of 'entry' in event.data ? event.data.entry : []) {
      const name = `${leg.account} ${leg.currency}`;
      const sum = 'debitMinor' in leg ? leg.debitMinor : -leg.creditMinor;
      ledger.set(name, (ledger.get(name) ?? 0n) + sum);
    }
  }
  return posted;
}

function deposited({ model, story }: Play, amountMinor: bigint, from: string): void {
  books.move(model.book, from, 'available', { amountMinor, currency: story.currency });
}

function happen(played: Play, one: Happening): void {
  const { story, model, sent } = played;
  const { account, accountId } = story;
  const amount = 'minor' in one ? { amountMinor: one.minor, currency: story.currency } : undefined;
  switch (one.kind) {
    case 'message':
      deliver(played, messageOf(played, one));
      return;
    case 'early reversal': {
      const original = messageOf(played, one.original);
      const { type, stan = '', transmittedAt = '', acquirerId = '' } = original;
      const named = { type, stan, transmittedAt, acquirerId };
      deliver(played, { ...messageOf(played, one.reversal), cardId: original.cardId, original: named });
      deliver(played, original);
      return;
    }
    case 'again': {
      const message = sent[one.target % sent.length]?.message;
      if (message === undefined) return;
      const marked = { ...message, repeat: true, transmittedAt: toIso(story.now + 1) };
      deliver(played, one.marked ? marked : message);
      return;
    }
    case 'twin': {
      const message = sent[one.target % sent.length]?.message;
      if (message === undefined) return;
      deliver(played, { ...message, amountMinor: (message.amountMinor ?? 0n) + 1n });
      return;
    }
    case 'expiry':
    case 'late release': {
      const all = [...account.transactions.values()];
      const index = one.newest ? all.length - 1 : one.target % Math.max(all.length, 1);
      const transaction = all[index];
      const plain = model.book.transactions[index];
      if (transaction === undefined || plain === undefined) return;
      const { transactionId } = transaction;
      if (one.kind === 'expiry') {
        const expiresAt = one.what === 'hold' ? transaction.expiresAt : transaction.creditExpiresAt;
        if (expiresAt === undefined) return;
        if (one.due) story.now = Math.max(story.now, expiresAt);
        time(story, { type: 'expire', transactionId, expiresAt });
        model.expire(plain, story.now, expiresAt);
      } else {
        time(story, { type: 'releaseLate', transactionId, decision: newestApproval(story, transactionId) });
        model.releaseLate(plain, story.now);
      }
      return;
    }
    case 'rate': {
      const { pair, rate } = one;
      const from = story.now + one.fromMs;
      rates({ [pair]: rate }, { from: toIso(from), until: toIso(from + one.ms) })(story);
      const [base = '', quote = ''] = pair.split('/');
      model.book.rates.push({ base, quote, rate, from, until: from + one.ms });
      return;
    }
    case 'markup':
      markup(one.basisPoints)(story);
      model.book.markupBasisPoints = BigInt(one.basisPoints);
      return;
    case 'hold expiry':
      holdExpiry({ [one.group]: one.days })(story);
      model.book.holdDays = { ...model.book.holdDays, [one.group]: one.days };
      return;
    case 'deposit': {
      const done = manage(story, { type: 'deposit', accountId, depositId: 'dep' as never, ...money(amount) });
      if (done.refusal === undefined) deposited(played, one.minor, 'bank');
      return;
    }
    case 'withdrawal': {
      const done = manage(story, { type: 'withdraw', accountId, withdrawalId: 'wdr' as never, ...money(amount) });
      expect(done.refusal === undefined, 'withdrawn').toBe(canSpend(played, one.minor));
      if (done.refusal === undefined) deposited(played, -one.minor, 'bank');
      return;
    }
    case 'credit line': {
      const done = manage(story, { type: 'setCreditLine', accountId, creditLineMinor: one.minor });
      if (done.refusal === undefined) model.book.creditLine = one.minor;
      return;
    }
    case 'transfer out': {
      const transferId = `trf_${story.events.length}` as TransferId;
      const { programId, currency } = { ...story.program, currency: story.currency };
      const to = { target: 'acct_other' as AccountId, targetFacts: { programId, currency, status: 'open' } } as const;
      const { refusal } = manage(story, { type: 'sendTransfer', accountId, transferId, ...to, ...money(amount) });
      expect(refusal === undefined, 'sent').toBe(canSpend(played, one.minor));
      if (refusal === undefined) deposited(played, -one.minor, 'in_transit');
      return;
    }
    case 'transfer in': {
      const from = { transferId: `trf_${story.events.length}` as TransferId, source: 'acct_other' as AccountId };
      manage(story, { type: 'receiveTransfer', accountId, ...from, ...money(amount) });
      if (!model.book.accountClosed) deposited(played, one.minor, 'in_transit');
      return;
    }
    case 'transfer end': {
      const [oldest] = account.transfers.values();
      if (oldest === undefined) return;
      const refused = one.refused ? 'account_closed' : undefined;
      manage(story, { type: 'finishTransfer', accountId, transferId: oldest.transferId, refused });
      if (one.refused) deposited(played, oldest.amountMinor, 'in_transit');
      return;
    }
    case 'correction': {
      const about = { correctionId: 'cor' as never, against: 'losses', reason: 'why' } as const;
      manage(story, { type: 'correct', accountId, ...about, ...money(amount), direction: one.direction });
      deposited(played, one.direction === 'credit' ? one.minor : -one.minor, 'losses');
      return;
    }
    case 'card': {
      const cardId = cardAt(one.card);
      const done = manage(story, { type: one.does, cardId });
      const state = { pauseCard: 'paused', resumeCard: 'active', closeCard: 'closed' }[one.does];
      if (done.refusal === undefined) model.book.cards.set(cardId, { state, expiry: '2811' });
      return;
    }
    case 'account closed': {
      const done = manage(story, { type: 'closeAccount', accountId });
      if (done.refusal === undefined) model.book.accountClosed = true;
      return;
    }
    case 'controls': {
      const controls = controlsOf(allowsOf(one.allows, story), story.currency);
      const cardId = one.card === undefined ? undefined : cardAt(one.card);
      const done =
        cardId === undefined
          ? manage(story, { type: 'setAccountControls', accountId, controls })
          : manage(story, { type: 'setCardControls', cardId, controls });
      if (done.refusal === undefined) model.book.controls.set(cardId ?? 'account', controls);
      return;
    }
    case 'program':
      story.program = { ...story.program, status: one.paused ? 'paused' : 'active' };
      model.book.programPaused = one.paused;
      return;
    case 'wait':
      story.now += one.ms;
      return;
    default:
      one satisfies never;
  }
}

const cardAt = (index: number) => CARDS[index] ?? cardNamed('one');

function canSpend({ model: { book } }: Play, sum: bigint): boolean {
  return !book.accountClosed && sum <= books.spendable(book);
}

function allowsOf({ daily, perTransaction, ...rest }: Allowed, { currency }: Story): Allows {
  return {
    ...rest,
    ...(daily === undefined ? {} : { daily: formatMinor(daily, currency) }),
    ...(perTransaction === undefined ? {} : { perTransaction: formatMinor(perTransaction, currency) }),
  };
}

function messageOf({ story, sent }: Play, told: Told): DecidableMessage {
  const number = String(sent.length + 1).padStart(6, '0');
  const sumOf = ({ minor, currency }: { minor: bigint; currency: string }) => ({
    amountMinor: minor,
    currency: currency === 'account' ? story.currency : currencyOf(currency).code,
  });
  const { type, sum, billed, settled, how, arn, final, partial, expiry, mcc, refused } = told;
  const { amountMinor, currency } = sumOf(sum);
  const common = {
    cardId: cardAt(told.card),
    network: told.network,
    currency,
    acquirerId: '400123',
    terminalId: 'TERM0001',
    stan: number,
    rrn: `R${number}`,
    transmittedAt: toIso(story.now - told.delayMs),
    ...linkOf(told, sent),
    ...(expiry === undefined ? {} : { cardExpiry: expiry }),
    ...(refused && type.endsWith('_advice') ? { networkDecision: 'declined' as const } : {}),
  };
  if (type === 'reversal' || type === 'reversal_advice') {
    const said = { all: {}, amount: { amountMinor }, remaining: { remainingAmountMinor: amountMinor } }[how];
    return { ...common, ...said, type };
  }
  return {
    ...common,
    type,
    amountMinor,
    ...(billed === undefined ? {} : { billing: sumOf(billed) }),
    ...(settled === undefined ? {} : { settlement: sumOf(settled) }),
    ...(arn === '' ? {} : { arn }),
    ...(type === 'clearing' ? { final } : {}),
    merchant: { id: 'M1', mcc },
    partialApproval: partial,
  } as DecidableMessage;
}

function deliver({ story, model, sent }: Play, message: DecidableMessage): void {
  story.messages++;
  const context = contextOf(story, message);
  expect(decideMessage(story.account, message, context), 'decided twice').toEqual(
    decideMessage(story.account, message, context),
  );
  const { answer } = send(story, message);
  const { answerBy, authorizationCode } = context;
  const receipt = { identity: identityOf(message), content: contentOf(message), answerBy, authorizationCode };
  const expected = model.receive(message, story.now, receipt);
  expect(answer === undefined ? '' : said(answer), message.type).toEqual(saidBy(expected));
  sent.push({ message, code: authorizationCode });
}

function said({ decision, responseCode, reasons, flags, approvedMinor, billingMinor, spendableMinor }: Answer) {
  const sums = decision === 'declined' ? [] : [approvedMinor, billingMinor ?? 0n];
  return { decision, responseCode, reasons, sums, spendableMinor, flags: [...flags].sort() };
}

function saidBy({ decision, code, reasons, flags, approved, billing, spendable }: books.Answer) {
  const sums = decision === 'declined' ? [] : [approved, billing ?? 0n];
  return { decision, responseCode: code, reasons, sums, spendableMinor: spendable, flags: [...flags].sort() };
}

const TOTALS = ['requested', 'approved', 'open', 'reversed', 'cleared', 'refunded', 'pendingCredit'] as const;

function viewOf({ story: { account, now, currency }, ledger }: Play) {
  const { availableMinor, heldMinor } = account.balances;
  const both = (t: Totals, a: Totals, name: (typeof TOTALS)[number]) => [name, t[`${name}Minor`], a[`${name}Minor`]];
  return {
    availableMinor,
    heldMinor,
    ledger: [...ledger].filter(([, sum]) => sum !== 0n).sort(),
    transactions: [...account.transactions.values()].map((tx) => ({
      currency: tx.currency,
      status: tx.status,
      totals: TOTALS.map((name) => both(tx.totals, tx.accountTotals, name)),
      heldMinor: tx.heldMinor,
      expiresAt: tx.expiresAt,
      creditExpiresAt: tx.creditExpiresAt,
    })),
    spent: ZONES.map((zone) => [
      dayAt(account.spending, zone, now).spentMinor,
      ...[...account.cards.values()].map(({ spending }) => dayAt(spending, zone, now).spentMinor),
    ]),
    currency,
  };
}

function modelView({ model: { book }, story: { now, currency } }: Play) {
  book.now = now;
  const heldMinor = books.heldIn(book);
  const ledger = new Map(book.ledger);
  books.move({ ...book, ledger }, 'available', 'held', { amountMinor: heldMinor, currency });
  const both = (name: string, { t, a }: Sums) => [name, t, a];
  return {
    availableMinor: books.postedIn(book) - heldMinor,
    heldMinor,
    ledger: [...ledger].filter(([, sum]) => sum !== 0n).sort(),
    transactions: book.transactions.map((tx) => ({
      currency: tx.currency,
      status: tx.status,
      totals: TOTALS.map((name) => both(name, tx[name])),
      heldMinor: tx.held,
      expiresAt: tx.expiresAt,
      creditExpiresAt: tx.creditExpiresAt,
    })),
    spent: ZONES.map((zone) => [books.spentToday(book, zone), ...CARDS.map((id) => books.spentToday(book, zone, id))]),
    currency,
  };
}

describe('whatever happens', () => {
  test('the account does what the plain rules say, and what must hold holds after every event', () => {
    fc.assert(
      fc.property(sequences, (happenings) => void play(happenings)),
      { ...seeded, numRuns: RUNS },
    );
  });

  test('replaying its events gives the same account', () => {
    fc.assert(
      fc.property(sequences, (happenings) => {
        const { account, events } = play(happenings);
        const replayed = events.reduce(evolveAccount, newAccount());
        expect(comparable(replayed)).toEqual(comparable(account));
      }),
      { ...seeded, numRuns: Math.ceil(RUNS / 3) },
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
        const { transactions, commands, messages, suspense } = newAccount();
        const back = { ...account, transactions, commands, messages, suspense };
        const ranked = [...wholes.values()].map((whole) => ({ whole, rank: order.next().value ?? 0 }));
        for (const { whole } of ranked.sort((a, b) => a.rank - b.rank)) {
          for (const event of whole) remember(back, event);
        }
        expect(comparable(back)).toEqual(comparable(account));
      }),
      { ...seeded, numRuns: Math.ceil(RUNS / 3) },
    );
  });
});

/** For amounts that must be there. */
function money<T>(amount: T | undefined): T {
  if (amount === undefined) throw new Error('no amount');
  return amount;
}
