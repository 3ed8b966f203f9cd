import { currencyOf } from '@holdfast/money';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../authorization/answer.ts';
import { amountOf, cardNamed, EUR } from '../testing/index.ts';
import { type AnsweredRecord, buildReport, isClean, MAX_LISTED_RECORDS } from './report.ts';

const USD = currencyOf('USD').code;

type Told = {
  readonly type?: AnsweredRecord['message']['type'];
  readonly billed?: string;
  readonly account?: typeof EUR;
  readonly answer?: Partial<Answer>;
};

/** A record for `amount`, posted for as much in EUR unless said. */
function record(
  line: number,
  amount: string,
  { type = 'clearing', billed, account, answer }: Told = {},
): AnsweredRecord {
  const { amountMinor, currency } = amountOf(amount, EUR);
  return {
    line,
    recordId: `r${line}`,
    message: {
      ...{ type, cardId: cardNamed(), network: 'visa', amountMinor, currency },
      ...(billed === undefined ? {} : { billing: amountOf(billed, EUR) }),
    },
    answer: {
      ...{ decision: 'accepted', responseCode: '00', currency, reasons: [], flags: [], billingMinor: amountMinor },
      transactionId: 'txn_1' as NonNullable<Answer['transactionId']>,
      ...answer,
    },
    accountCurrency: account ?? EUR,
  };
}

function reportOf(...records: readonly AnsweredRecord[]) {
  const builder = buildReport();
  for (const each of records) builder.add(each);
  return builder.report();
}

const nobody: Partial<Answer> = { reason: 'card_not_found' };

describe('a report', () => {
  test('nets what the file says against what was posted, to the cardholders’ debit', () => {
    const report = reportOf(
      record(2, '10.00'),
      record(3, '4.00', { type: 'refund' }),
      record(4, '2.00', { type: 'clearing_reversal' }),
      record(5, '1.00', { type: 'refund_reversal' }),
    );
    expect(report.currencies).toEqual([
      {
        currency: EUR,
        fileMinor: 500n,
        postedMinor: 500n,
        convertedMinor: 0n,
        suspendedMinor: 0n,
        differenceMinor: 0n,
      },
    ]);
    expect(report.charged).toEqual([{ currency: EUR, postedMinor: 500n }]);
    expect(report.outcomes).toEqual({ matched: 4, over: 0, under: 0, unmatched: 0, duplicate: 0, suspended: 0 });
    expect(isClean(report)).toBe(true);
  });

  test('counts by the currency in which the file bills', () => {
    const report = reportOf(
      record(2, '10.00 USD', { billed: '9.00 EUR', answer: { billingMinor: 900n } }),
      record(3, '20.00 USD', { answer: { billingMinor: 1_835n } }),
    );
    expect(report.currencies).toMatchObject([
      { currency: EUR, fileMinor: 900n, postedMinor: 900n, convertedMinor: 0n },
      { currency: USD, fileMinor: 2_000n, postedMinor: 2_000n, convertedMinor: 2_000n },
    ]);
    expect(report.charged).toEqual([{ currency: EUR, postedMinor: 2_735n }]);
  });

  test.each<[string, Told, suspended: bigint, difference: bigint]>([
    ['of nobody’s card', { answer: nobody }, 1_000n, 1_000n],
    ['without a rate', { answer: { flags: ['no_rate'], transactionId: undefined as never } }, 1_000n, 1_000n],
    ['posted back for less', { type: 'clearing_reversal', answer: { billingMinor: 900n } }, 0n, -100n],
    [
      'under an identity used before',
      { answer: { reason: 'identity_conflict', billingMinor: undefined as never } },
      0n,
      1_000n,
    ],
  ])('of a record %s has a difference', (_, told, suspendedMinor, differenceMinor) => {
    const report = reportOf(record(2, '10.00', told));
    expect(report.currencies).toMatchObject([{ suspendedMinor, differenceMinor }]);
    expect(isClean(report)).toBe(false);
  });

  test('lists what did not match, or has a flag, in the order of the file', () => {
    const report = reportOf(
      record(4, '1.00', { answer: { flags: ['late'] } }),
      record(3, '1.00', { answer: { flags: ['over_capture'] } }),
      record(2, '1.00'),
    );
    expect(report.listed.map(({ line, outcome }) => `${line} ${outcome}`)).toEqual(['3 over', '4 matched']);
  });

  test('lists as many as a report lists, the first ones, and counts the others', () => {
    const flagged = (line: number) => record(line, '1.00', { answer: { flags: ['late'] } });
    const records = Array.from({ length: MAX_LISTED_RECORDS + 1 }, (_, at) => flagged(at + 2));
    expect(reportOf(...records.slice(1))).toMatchObject({ unlisted: 0 });
    const report = reportOf(...records.toReversed());
    expect(report.unlisted).toBe(1);
    expect(report.listed.at(-1)?.line).toBe(MAX_LISTED_RECORDS + 1);
  });

  test('is the same in whichever order the records were answered', () => {
    const records = [
      record(2, '10.00 USD'),
      record(3, '4.00', { type: 'refund', answer: { flags: ['no_original'] } }),
      record(4, '5.00', { answer: nobody }),
      record(5, '6.00 USD', { account: USD }),
      record(6, '7.00', { answer: { releasedMinor: 1n } }),
    ];
    const order = fc.shuffledSubarray(records, { minLength: records.length });
    fc.assert(
      fc.property(order, (shuffled) => {
        expect(reportOf(...shuffled)).toEqual(reportOf(...records));
      }),
    );
  });
});
