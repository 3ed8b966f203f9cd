// account.test.ts: the model by hand, before the domain is tested by it.

import { currencyOf } from '@holdfast/money';
import { describe, expect, test } from 'vitest';
import { usualHoldExpiry } from '../../programs/holdExpiry.ts';
import { amountOf } from '../amounts.ts';
import { anyMessage, cardNamed, contentOf, identityOf, type Said } from '../messages.ts';
import { naiveAccount } from './account.ts';
import * as books from './book.ts';

type Line = readonly [kind: Parameters<typeof anyMessage>[0], amount: string | undefined, said?: Said];
const MINUTE = 60_000;
const START = Date.parse('2026-03-01T12:00:00.000Z');
const EARLY = { sent: '2026-03-01T11:59:00.000Z' };
const FINAL = { final: true };
const PART = { final: false };

/** Posted, held and what is said to the last of these messages, with 500.00 in the account. */
function lived(lines: readonly Line[]): string {
  const usd = currencyOf('USD').code;
  const { book, receive } = naiveAccount('USD', usualHoldExpiry(7));
  book.cards.set(cardNamed(), { state: 'active', expiry: '2811' });
  books.move(book, 'bank', 'available', { amountMinor: 50_000n, currency: 'USD' });
  let answer = '';
  for (const [index, [kind, amount, said = {}]] of lines.entries()) {
    const now = START + index * MINUTE;
    const usual = { currency: usd, stan: String(index), sent: new Date(now).toISOString() };
    const { remaining, final, ...rest } = said;
    const stands = {
      ...(remaining === undefined ? {} : { remainingAmountMinor: amountOf(remaining, usd).amountMinor }),
      ...(final === undefined ? {} : { final }),
    };
    const message = { ...anyMessage(kind, amount, rest, usual), ...stands };
    const receipt = {
      identity: identityOf(message),
      content: contentOf(message),
      answerBy: now,
      authorizationCode: '',
    };
    const { decision, code, flags } = receive(message, now, receipt);
    answer = [decision, code, ...flags].join(' ');
  }
  return `${books.postedIn(book)} ${books.heldIn(book)} ${answer}`;
}

describe('the naive model says of the examples of the reference', () => {
  const eur = ['authorization', '100.00 EUR', { billed: '108.00' }] as const;
  test.each<[string, readonly Line[], string]>([
    ['an authorization is held', [eur], '50000 10800 approved 00'],
    ['a part is cleared', [eur, ['clearing', '60.00 EUR', { billed: '65.70', ...PART }]], '43430 4320 accepted 00'],
    [
      'a final clearing takes all',
      [eur, ['clearing', '60.00 EUR', { billed: '65.70', ...FINAL }]],
      '43430 0 accepted 00',
    ],
    ['33.33 of 100.00 is taken', [eur, ['reversal', '33.33 EUR']], '50000 7200 accepted 00'],
    [
      'approved in part',
      [
        ['authorization', '480.00', { of: 'B' }],
        ['authorization', '40.00 EUR', { billed: '43.60', partial: true }],
      ],
      '50000 49999 partially_approved 10',
    ],
    [
      'a tip',
      [
        ['authorization', '50.00'],
        ['clearing', '60.00'],
      ],
      '44000 0 accepted 00 over_capture',
    ],
    [
      'fuel',
      [
        ['authorization', '1.00'],
        ['authorization_advice', '52.10'],
      ],
      '50000 5210 accepted 00',
    ],
    [
      'an increment',
      [
        ['authorization', '200.00'],
        ['increment', '75.00'],
      ],
      '50000 27500 approved 00',
    ],
    ['an increment of nothing', [['increment', '75.00']], '50000 0 declined 25'],
    [
      'a reversal of what it was',
      [
        ['authorization', '120.00'],
        ['reversal', '45.00'],
        ['reversal', '120.00'],
      ],
      '50000 0 accepted 00',
    ],
    [
      'a reversal of too much',
      [
        ['authorization', '120.00'],
        ['reversal', '45.00'],
        ['reversal', '80.00'],
      ],
      '50000 7500 accepted 13 over_reversal',
    ],
    [
      'what remains',
      [
        ['authorization', '120.00'],
        ['reversal', undefined, { remaining: '50.00' }],
      ],
      '50000 5000 accepted 00',
    ],
    [
      'a reversal before its original',
      [
        ['reversal', undefined],
        ['authorization', '50.00'],
      ],
      '50000 0 declined 25',
    ],
    [
      'a part of it before',
      [
        ['reversal_advice', '20.00'],
        ['authorization', '50.00'],
      ],
      '50000 3000 approved 00',
    ],
    [
      'a stand-in and its request',
      [
        ['authorization_advice', '50.00'],
        ['authorization', '50.00', EARLY],
      ],
      '50000 5000 approved 00 late',
    ],
    [
      'a clearing and its request',
      [
        ['clearing', '40.00', PART],
        ['authorization', '100.00', EARLY],
      ],
      '46000 6000 approved 00 late',
    ],
    [
      'a single message, confirmed',
      [
        ['financial_authorization', '103.00'],
        ['clearing', '103.00'],
      ],
      '39700 0 accepted 00',
    ],
    [
      'a single message, reversed in part',
      [
        ['financial_authorization', '80.00'],
        ['reversal', '30.00'],
      ],
      '45000 0 accepted 00',
    ],
    [
      'a clearing posted back',
      [
        ['clearing', '40.00'],
        ['clearing_reversal', '40.00'],
      ],
      '50000 0 accepted 00',
    ],
    ['a clearing of nothing', [['clearing', '35.00']], '46500 0 accepted 00 force_post'],
    [
      'a refund',
      [
        ['clearing', '40.00'],
        ['refund', '15.00'],
      ],
      '47500 0 accepted 00',
    ],
    ['a refund announced', [['refund_authorization', '40.00']], '50000 0 approved 00'],
    [
      'a refund taken back',
      [
        ['refund', '40.00'],
        ['refund_reversal', '40.00'],
      ],
      '50000 0 accepted 00',
    ],
  ])('%s', (_name, lines, outcome) => {
    expect(lived(lines)).toBe(outcome);
  });
});
