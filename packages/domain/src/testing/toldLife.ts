// toldLife.ts: reads a life as docs/lifecycle.md tells it, line by line, and lives it.

import { formatMinor } from '@holdfast/money';
import { decideTimer } from '../authorization/timers.ts';
import { DAY_MS } from '../time.ts';
import { given, type Outcome, type Step } from './given.ts';
import type { Said } from './messages.ts';
import * as setting from './setting.ts';
import { record } from './story.ts';
import * as traffic from './traffic.ts';

/** `clearing 60.00 EUR, billed 65.70, not final → accepted, held 43.20`: what happens, and what is so afterwards. */
export type Told = { readonly line: string; readonly happens: string; readonly outcome: readonly string[] };

/** The lines of every block that is fenced as `life`. */
export function toldLives(markdown: string): readonly { readonly title: string; readonly lines: readonly Told[] }[] {
  const lives: { title: string; lines: Told[] }[] = [];
  let heading = '';
  let open: Told[] | undefined;
  for (const line of markdown.split('\n')) {
    if (line.startsWith('#')) heading = line.replace(/^#+ /, '');
    if (line === '```life') {
      open = [];
      lives.push({ title: `${heading} (${lives.length + 1})`, lines: open });
    } else if (line.startsWith('```')) open = undefined;
    else if (open !== undefined && line.trim() !== '') open.push(told(line));
  }
  return lives;
}

function told(line: string): Told {
  const [happens = '', outcome] = line.split('→').map((part) => part.trim());
  return { line, happens, outcome: outcome === undefined ? [] : parts(outcome) };
}

const parts = (text: string): readonly string[] => text.split(/,\s*/).map((part) => part.trim());

/** What does not come out as it is told, in sentences. */
export function live(lines: readonly Told[]): readonly string[] {
  const wrong: string[] = [];
  const steps: Step[] = [];
  for (const { line, happens, outcome: told } of lines) {
    steps.push(stepOf(happens));
    if (told.length === 0) continue;
    const outcome = given(...steps).when();
    for (const each of told) {
      const found = stands(outcome, each);
      if (found !== undefined) wrong.push(`${line.trim()}: not "${each}" but "${found}"`);
    }
  }
  return wrong;
}

/** Undefined when it is so. */
function stands(outcome: Outcome, what: string): string | undefined {
  const [name = '', ...rest] = what.split(' ');
  const value = rest.join(' ');
  const { account, currency } = outcome.story;
  const found = (() => {
    switch (name) {
      case 'available':
      case 'held':
      case 'posted':
      case 'open':
      case 'cleared':
      case 'refunded':
        return outcome[name];
      case 'pending-credit':
        return outcome.pendingCredit;
      case 'spendable':
        return formatMinor(account.balances.availableMinor + account.creditLineMinor, currency);
      case 'transaction':
        return outcome.status;
      case 'flagged':
        return outcome.flags;
      case 'books':
        return outcome.entry.replaceAll(',', ';');
      case 'writes':
        return outcome.wrote;
      default:
        return undefined;
    }
  })();
  if (found !== undefined) return found === value ? undefined : `${name} ${found}`;
  const answer = [outcome.answer.split(':')[0], outcome.code === '00' ? '' : outcome.code].join(' ').trim();
  const isSo = answer === what || outcome.answer === what;
  return isSo ? undefined : `${answer} (${outcome.answer})`;
}

const KINDS = {
  authorization: traffic.authorization,
  'authorization advice': traffic.authorizationAdvice,
  'financial authorization': traffic.financialAuthorization,
  increment: traffic.increment,
  'increment advice': traffic.incrementAdvice,
  clearing: traffic.clearing,
  'clearing reversal': traffic.clearingReversal,
  'refund authorization': traffic.refundAuthorization,
  refund: traffic.refund,
  'refund reversal': traffic.refundReversal,
  'balance inquiry': traffic.balanceInquiry,
  'account verification': traffic.accountVerification,
  reversal: traffic.reversal,
  'reversal advice': traffic.reversalAdvice,
} as const;

/** Of an increment, so that a reversal can name it. */
const INCREMENT = { stan: '000777', sent: '2026-03-01T12:00:01.000Z' } as const;

function stepOf(text: string): Step {
  const [first = '', ...said] = parts(text);
  const message = /^([a-z ]+?)(?: (-?[0-9.]+(?: [A-Z]{3})?))?$/.exec(first);
  const kind = message?.[1] as keyof typeof KINDS | undefined;
  if (kind !== undefined && Object.hasOwn(KINDS, kind)) {
    const amount = message?.[2];
    const fields: traffic.Sent = Object.assign({}, ...said.map(fieldOf));
    return KINDS[kind](amount ?? (undefined as never), fields);
  }
  return settingOf(text, first, said);
}

function fieldOf(text: string): Said {
  const [word = '', ...rest] = text.split(' ');
  const value = rest.join(' ');
  if (text === 'not final') return { final: false };
  if (text === 'partial') return { partial: true };
  if (text === 'sent earlier') return { sent: '2026-03-01T11:59:00.000Z' };
  if (text === 'declined by the network') return { decision: 'declined' };
  if (text === 'named') return INCREMENT;
  if (text === 'of the increment') {
    const { stan, sent: transmittedAt } = INCREMENT;
    return { original: { type: 'increment', stan, transmittedAt, acquirerId: '400123' } };
  }
  switch (word) {
    case 'billed':
      return { billed: value };
    case 'settled':
      return { settled: value };
    case 'remaining':
      return { remaining: value };
    case 'mcc':
      return { mcc: value };
    case 'arn':
      return { arn: value };
    case 'of':
      return { of: value === 'nothing' ? null : value };
    default:
      throw new SyntaxError(`"${text}" is not something that a message says`);
  }
}

function settingOf(text: string, first: string, said: readonly string[]): Step {
  const [word = '', value = '', more = ''] = first.split(' ');
  switch (word) {
    case 'account':
      return setting.account(value, more, said[0]?.replace('credit line ', ''));
    case 'card': {
      if (value === 'paused') return setting.cardPaused();
      if (value === 'closed') return setting.cardClosed();
      const allows = said.map((each) => {
        const limit = each.split(' ').at(-1) ?? '';
        return each.startsWith('daily') ? { daily: limit } : { perTransaction: limit };
      });
      return setting.card(Object.assign({}, ...allows));
    }
    case 'rate':
      return setting.rates({ [value]: more });
    case 'mark-up':
      return setting.markup(Number(value));
    case 'deposit':
      return setting.deposit(value);
    case 'expiry':
      return traffic.expiry();
    case 'credit':
      return creditExpiry;
    case 'late':
      return traffic.lateRelease();
    default: {
      const days = /^([0-9]+) days? later$/.exec(text)?.[1];
      if (days === undefined) throw new SyntaxError(`"${text}" is not something that can happen`);
      return setting.later(Number(days) * DAY_MS);
    }
  }
}

const creditExpiry: Step = (story) => {
  const { transactionId, creditExpiresAt = 0 } = traffic.purchase(story);
  story.now = Math.max(story.now, creditExpiresAt);
  const events = decideTimer(story.account, { type: 'expire', transactionId, expiresAt: creditExpiresAt }, story.now);
  record(story, events, `timer:${story.events.length}` as Parameters<typeof record>[2]);
  story.last = { wrote: events };
};
