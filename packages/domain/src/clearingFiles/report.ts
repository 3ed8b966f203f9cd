// report.ts: what became of a clearing file: how many records matched, and what the file says against what was posted.

import type { CurrencyCode } from '@holdfast/money';
import type { Answer } from '../authorization/answer.ts';
import type { NetworkMessage } from '../authorization/message.ts';
import type { Flag, ReasonCode } from '../authorization/reasons.ts';
import type { TransactionId } from '../ids.ts';
import { invariant } from '../invariant.ts';
import type { ClearingKind } from './clearingFile.ts';
import { isSuspended, RECORD_OUTCOMES, type RecordOutcome, recordOutcome } from './recordOutcome.ts';

/** Records that a report lists: the first of those that did not simply match. It counts all of them. */
export const MAX_LISTED_RECORDS = 100;

/** Net, to the cardholders' debit: clearings and refund reversals count up, refunds and clearing reversals down. */
export type CurrencyReport = {
  /** What the file bills in: each record's `billing` where it has one, else its amount. */
  readonly currency: CurrencyCode;
  readonly fileMinor: bigint;
  /** Of that, posted to cardholders. */
  readonly postedMinor: bigint;
  /** Of that, posted in another currency, the account's. */
  readonly convertedMinor: bigint;
  /** Booked against suspense. */
  readonly suspendedMinor: bigint;
  /** `fileMinor` − `postedMinor`. */
  readonly differenceMinor: bigint;
};

export type ListedRecord = {
  readonly line: number;
  readonly recordId: string;
  readonly type: ClearingKind;
  readonly outcome: RecordOutcome;
  readonly flags: readonly Flag[];
  readonly reason?: ReasonCode;
  readonly transactionId?: TransactionId;
};

export type ClearingFileReport = {
  readonly outcomes: Readonly<Record<RecordOutcome, number>>;
  readonly currencies: readonly CurrencyReport[];
  /** What cardholders were charged, net, by the currency of their accounts. */
  readonly charged: readonly { readonly currency: CurrencyCode; readonly postedMinor: bigint }[];
  /** Those that did not match, or have a flag, in the order of the file. */
  readonly listed: readonly ListedRecord[];
  readonly unlisted: number;
};

/** A record of the file and what it was answered. */
export type AnsweredRecord = {
  readonly line: number;
  readonly recordId: string;
  readonly message: NetworkMessage & { readonly type: ClearingKind };
  readonly answer: Answer;
  /** Undefined: nobody has its card. */
  readonly accountCurrency: CurrencyCode | undefined;
};

export type ReportBuilder = {
  /** In any order. */
  add(record: AnsweredRecord): void;
  report(): ClearingFileReport;
};

type Sums = { file: bigint; posted: bigint; converted: bigint; suspended: bigint };

/** The same records with the same answers give the same report, in whichever order they are added. */
export function buildReport(): ReportBuilder {
  const outcomes: Record<RecordOutcome, number> = {
    ...{ duplicate: 0, unmatched: 0, suspended: 0 },
    ...{ over: 0, under: 0, matched: 0 },
  };
  const currencies = new Map<CurrencyCode, Sums>();
  const charged = new Map<CurrencyCode, bigint>();
  const noted: ListedRecord[] = [];

  function addSums({ message, answer, accountCurrency }: AnsweredRecord): void {
    const { currency, minor: fileMinor } = billedOf(message);
    const sums = currencies.get(currency) ?? { file: 0n, posted: 0n, converted: 0n, suspended: 0n };
    currencies.set(currency, sums);
    const sign = signOf(message.type);
    sums.file += sign * fileMinor;
    if (isSuspended(answer)) {
      sums.suspended += sign * fileMinor;
      return;
    }
    const { billingMinor } = answer;
    if (accountCurrency === undefined || billingMinor === undefined) return;
    charged.set(accountCurrency, (charged.get(accountCurrency) ?? 0n) + sign * billingMinor);
    if (accountCurrency === currency) {
      sums.posted += sign * billingMinor;
    } else {
      sums.posted += sign * fileMinor;
      sums.converted += sign * fileMinor;
    }
  }

  return {
    add(record) {
      const { line, recordId, message, answer } = record;
      const { flags, reason, transactionId } = answer;
      const outcome = recordOutcome(answer);
      outcomes[outcome] += 1;
      addSums(record);
      if (outcome === 'matched' && flags.length === 0) return;
      noted.push({
        ...{ line, recordId, type: message.type, outcome, flags },
        ...(reason === undefined ? {} : { reason }),
        ...(transactionId === undefined ? {} : { transactionId }),
      });
    },
    report() {
      const listed = noted.toSorted((a, b) => a.line - b.line).slice(0, MAX_LISTED_RECORDS);
      return {
        outcomes: { ...outcomes },
        currencies: [...currencies].sort(byCurrency).map(([currency, { file, posted, converted, suspended }]) => ({
          currency,
          fileMinor: file,
          postedMinor: posted,
          convertedMinor: converted,
          suspendedMinor: suspended,
          differenceMinor: file - posted,
        })),
        charged: [...charged].sort(byCurrency).map(([currency, postedMinor]) => ({ currency, postedMinor })),
        listed,
        unlisted: noted.length - listed.length,
      };
    },
  };
}

/** Every record matched, and what the file says was posted. */
export function isClean({ outcomes, currencies }: Pick<ClearingFileReport, 'outcomes' | 'currencies'>): boolean {
  return (
    RECORD_OUTCOMES.every((outcome) => outcome === 'matched' || outcomes[outcome] === 0) &&
    currencies.every(({ differenceMinor }) => differenceMinor === 0n)
  );
}

/** What the file means the cardholder to pay or to get. */
export function billedOf({ billing, amountMinor, currency }: NetworkMessage): {
  readonly currency: CurrencyCode;
  readonly minor: bigint;
} {
  if (billing !== undefined) return { currency: billing.currency, minor: billing.amountMinor };
  invariant(amountMinor !== undefined, 'a record of a clearing file without an amount');
  return { currency, minor: amountMinor };
}

function signOf(type: ClearingKind): 1n | -1n {
  return type === 'clearing' || type === 'refund_reversal' ? 1n : -1n;
}

function byCurrency([a]: readonly [CurrencyCode, unknown], [b]: readonly [CurrencyCode, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
