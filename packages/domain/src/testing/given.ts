// given.ts: given what happened, when something comes, what the account says and has then. Reads like a sentence.

import { formatMinor } from '@holdfast/money';
import type { Totals } from '../authorization/totals.ts';
import type { Transaction } from '../authorization/transaction.ts';
import type { Leg } from '../ledger/entry.ts';
import { type Done, newStory, type Story } from './story.ts';

/** Something that happens. It changes the story and notes in `story.last` what came of it. */
export type Step = (story: Story) => void;

/** What came of the last step. Amounts in major units, of the account's currency unless said. */
export type Outcome = {
  /** `approved`, `partially approved 18.34`, `declined: card_paused, insufficient_funds`, `accepted`, `refused: …`. */
  readonly answer: string;
  /** DE39. */
  readonly code: string;
  readonly flags: string;
  /** Types of the events that it wrote. */
  readonly wrote: string;
  readonly available: string;
  readonly held: string;
  readonly posted: string;
  /** Of the transaction that it was about. */
  readonly status: string;
  /** What is open of it, in its own currency. */
  readonly open: string;
  /** What was posted of it and not posted back, refunded, and announced as a refund, in its own currency. */
  readonly cleared: string;
  readonly refunded: string;
  readonly pendingCredit: string;
  /** What the step booked: `Dr held 5.00 EUR, Cr available 5.00 EUR`. */
  readonly entry: string;
  readonly story: Story;
};

export type When = { readonly when: (...steps: readonly Step[]) => Outcome };

/** Amounts, identities and times are filled in where a step says nothing: see `messages.ts` and `story.ts`. */
export function given(...before: readonly Step[]): When {
  return {
    when: (...steps) => {
      const story = newStory();
      for (const step of [...before, ...steps]) step(story);
      return outcomeOf(story);
    },
  };
}

function outcomeOf(story: Story): Outcome {
  const { account, currency, last } = story;
  const { availableMinor, heldMinor } = account.balances;
  const transaction = transactionOf(story);
  return {
    answer: describe(last),
    code: last.answer?.responseCode ?? '',
    flags: (last.answer?.flags ?? []).join(' '),
    wrote: last.wrote.map(({ type }) => type).join(' '),
    available: formatMinor(availableMinor, currency),
    held: formatMinor(heldMinor, currency),
    posted: formatMinor(availableMinor + heldMinor, currency),
    status: transaction?.status ?? '',
    open: total(transaction, 'openMinor'),
    cleared: total(transaction, 'clearedMinor'),
    refunded: total(transaction, 'refundedMinor'),
    pendingCredit: total(transaction, 'pendingCreditMinor'),
    entry: last.wrote.flatMap(({ data }) => ('entry' in data ? data.entry.map(line) : [])).join(', '),
    story,
  };
}

function total(transaction: Transaction | undefined, name: keyof Totals): string {
  return transaction === undefined ? '' : formatMinor(transaction.totals[name], transaction.currency);
}

function line(leg: Leg): string {
  const { account, currency } = leg;
  return 'debitMinor' in leg
    ? `Dr ${account} ${formatMinor(leg.debitMinor, currency)} ${currency}`
    : `Cr ${account} ${formatMinor(leg.creditMinor, currency)} ${currency}`;
}

function transactionOf({ account, last: { answer, wrote } }: Story): Transaction | undefined {
  const [first] = wrote;
  const ofEvent = first !== undefined && 'transactionId' in first.data ? first.data.transactionId : undefined;
  const id = answer?.transactionId ?? ofEvent;
  return id === undefined ? undefined : account.transactions.get(id);
}

function describe({ answer, refusal, wrote }: Done): string {
  if (refusal !== undefined) return `refused: ${refusal}`;
  if (answer === undefined) return wrote.length === 0 ? 'nothing' : 'done';
  const { decision, reasons, approvedMinor = 0n, currency } = answer;
  if (decision === 'partially_approved') return `partially approved ${formatMinor(approvedMinor, currency)}`;
  return reasons.length === 0 ? decision : `${decision}: ${reasons.join(', ')}`;
}
