import { describe, expect, test } from 'vitest';
import { FLAGS, REASON_CODES, reasons } from './reasons.ts';

describe('the catalogue of reasons', () => {
  test('gives each its DE39, when to try again, and who decided', () => {
    const table = REASON_CODES.map((code) =>
      [code, reasons[code].responseCode, reasons[code].retry, reasons[code].decidedBy].join(' '),
    );
    expect(table).toMatchInlineSnapshot(`
      [
        "identity_conflict 94 with_other_data network",
        "original_not_found 25 later network",
        "over_reversal 13 with_other_data network",
        "nothing_to_reverse 13 never network",
        "reversed_before_arrival 25 never network",
        "declined_by_network 05 never network",
        "currency_differs 12 with_other_data network",
        "answered_late 91 later system",
        "card_not_found 14 never network",
        "program_paused 57 later program",
        "account_closed 57 never account",
        "card_closed 46 never card",
        "card_paused 62 later card",
        "card_expired 54 never card",
        "expiry_mismatch 54 with_other_data card",
        "merchant_category_blocked 57 never card",
        "merchant_category_not_allowed 57 never card",
        "account_merchant_category_blocked 57 never account",
        "account_merchant_category_not_allowed 57 never account",
        "fx_rate_missing 91 later system",
        "card_limit_exceeded 61 with_other_data card",
        "account_limit_exceeded 61 with_other_data account",
        "insufficient_funds 51 later account",
      ]
    `);
  });

  test.each(REASON_CODES)('%s has a sentence for people', (code) => {
    expect(reasons[code].sentence).toMatch(/^[A-Z].*\.$/);
  });

  test('has each flag once', () => {
    expect(FLAGS).toEqual([...new Set(FLAGS)]);
  });
});
