// setting.ts: steps that set a scene: the account, its cards, what they allow, and the time.

import { type CurrencyCode, currencyOf } from '@holdfast/money';
import type { Controls, SpendingLimit } from '../controls/limit.ts';
import type { CardIssued, CorrectionAgainst, ProgramEvent } from '../events.ts';
import type { CommandId, ContentHash, CorrectionId, DepositId, LimitId, WithdrawalId } from '../ids.ts';
import type { HoldExpiryDays } from '../programs/holdExpiry.ts';
import { evolveProgram, type Program } from '../programs/program.ts';
import { DAY_MS, fromIso, toIso } from '../time.ts';
import { minor } from './amounts.ts';
import type { Step } from './given.ts';
import { cardNamed } from './messages.ts';
import { manage, record, type Story } from './story.ts';

/** An account with money in it, and a credit line if one is said. */
export function account(funds = '1000.00', currency = 'EUR', creditLine?: string): Step {
  return (story) => {
    const { accountId, program } = story;
    story.currency = currencyOf(currency).code;
    const creditLineMinor = creditLine === undefined ? 0n : minor(creditLine, story.currency);
    const data = { accountId, programId: program.programId, currency: story.currency, creditLineMinor };
    record(story, [{ type: 'AccountOpened', data }], 'open' as CommandId, 'hash of open' as ContentHash);
    if (minor(funds, story.currency) > 0n) deposit(funds)(story);
  };
}

export function deposit(amount: string): Step {
  return (story) => {
    const { accountId } = story;
    const depositId = `dep_${story.events.length}` as DepositId;
    story.last = manage(story, { type: 'deposit', accountId, depositId, ...amountIn(amount, story.currency) });
  };
}

export function withdrawal(amount: string): Step {
  return (story) => {
    const { accountId } = story;
    const withdrawalId = `wdr_${story.events.length}` as WithdrawalId;
    story.last = manage(story, { type: 'withdraw', accountId, withdrawalId, ...amountIn(amount, story.currency) });
  };
}

export function correction(
  direction: 'credit' | 'debit',
  amount: string,
  against: CorrectionAgainst = 'adjustments',
): Step {
  return (story) => {
    const { accountId } = story;
    const correctionId = `cor_${story.events.length}` as CorrectionId;
    const sum = amountIn(amount, story.currency);
    story.last = manage(story, { type: 'correct', accountId, correctionId, direction, against, reason: 'why', ...sum });
  };
}

export function creditLine(amount: string): Step {
  return (story) => {
    const { accountId } = story;
    story.last = manage(story, { type: 'setCreditLine', accountId, creditLineMinor: minor(amount, story.currency) });
  };
}

function amountIn(amount: string, currency: CurrencyCode) {
  return { amountMinor: minor(amount, currency), currency };
}

/** What a card or an account allows: `{ daily: '100.00', zone: 'Asia/Kathmandu', blocked: ['7995'] }`. */
export type Allows = {
  readonly daily?: string;
  /** Of the daily limit; Europe/Berlin if not said. */
  readonly zone?: string;
  readonly perTransaction?: string;
  readonly blocked?: readonly string[];
  readonly allowed?: readonly string[];
};

export function controlsOf(allows: Allows, currency: CurrencyCode): Controls {
  const { daily, zone = 'Europe/Berlin', perTransaction, blocked = [], allowed = [] } = allows;
  const limits: SpendingLimit[] = [];
  if (perTransaction !== undefined) {
    const amountMinor = minor(perTransaction, currency);
    limits.push({ id: 'lim_transaction' as LimitId, amountMinor, window: { kind: 'transaction' } });
  }
  if (daily !== undefined) {
    const amountMinor = minor(daily, currency);
    limits.push({ id: 'lim_day' as LimitId, amountMinor, window: { kind: 'day', timeZone: zone } });
  }
  return { limits, merchantCategories: { blocked, allowed } };
}

export type CardSaid = Allows & {
  readonly name?: string;
  /** YYMM. */
  readonly expiry?: string;
  readonly carried?: CardIssued['data']['carried'];
};

export function card({ name, expiry = '2811', carried = [], ...allows }: CardSaid = {}): Step {
  return (story) => {
    const { accountId } = story;
    const facts = { bin: '476173', last4: '0119', expiry, fingerprintKeyId: 'k1', carried };
    story.last = manage(story, { type: 'issueCard', accountId, cardId: cardNamed(name), ...facts });
    if (Object.keys(allows).length > 0) cardControls(allows, name)(story);
  };
}

export function cardControls(allows: Allows, name?: string): Step {
  return (story) => {
    const controls = controlsOf(allows, story.currency);
    story.last = manage(story, { type: 'setCardControls', cardId: cardNamed(name), controls });
  };
}

export function accountControls(allows: Allows): Step {
  return (story) => {
    const { accountId, currency } = story;
    story.last = manage(story, { type: 'setAccountControls', accountId, controls: controlsOf(allows, currency) });
  };
}

function changeCard(type: 'pauseCard' | 'resumeCard' | 'closeCard', name?: string): Step {
  return (story) => {
    story.last = manage(story, { type, cardId: cardNamed(name) });
  };
}

export const cardPaused = (name?: string): Step => changeCard('pauseCard', name);
export const cardResumed = (name?: string): Step => changeCard('resumeCard', name);
export const cardClosed = (name?: string): Step => changeCard('closeCard', name);

export function accountClosed(): Step {
  return (story) => {
    story.last = manage(story, { type: 'closeAccount', accountId: story.accountId });
  };
}

export function programPaused(): Step {
  return (story) => {
    story.program = { ...story.program, status: 'paused', version: story.program.version + 1 };
  };
}

/** What the program converts by: `{ 'EUR/USD': '1.0900' }`, valid for a day unless said. */
export function rates(
  table: Readonly<Record<string, string>>,
  { from, until }: { readonly from?: string; readonly until?: string } = {},
): Step {
  return (story) => {
    const { program, now } = story;
    const validFrom = from ?? toIso(now);
    const validUntil = until ?? toIso(fromIso(validFrom) + DAY_MS);
    const pairs = Object.entries(table).map(([pair, rate]) => {
      const [base = '', quote = ''] = pair.split('/');
      return { base: currencyOf(base).code, quote: currencyOf(quote).code, rate };
    });
    const data = { programId: program.programId, source: 'test', validFrom, validUntil, rates: pairs };
    story.program = changed(story, { type: 'RatesPublished', data });
  };
}

export function markup(basisPoints: number): Step {
  return (story) => {
    const { programId } = story.program;
    story.program = changed(story, { type: 'MarkupSet', data: { programId, basisPoints } });
  };
}

export function holdExpiry(days: Partial<HoldExpiryDays>): Step {
  return (story) => {
    const { programId, holdExpiry } = story.program;
    story.program = changed(story, { type: 'HoldExpirySet', data: { programId, days: { ...holdExpiry, ...days } } });
  };
}

function changed({ program, now }: Story, event: ProgramEvent): Program {
  const metadata = { occurredAt: now, commandId: 'program' as CommandId, correlationId: '', actor: '' };
  return evolveProgram(program, { ...event, metadata, revision: program.version + 1 });
}

export function at(moment: string): Step {
  return (story) => {
    story.now = fromIso(moment);
  };
}

export function later(ms: number): Step {
  return (story) => {
    story.now += ms;
  };
}
