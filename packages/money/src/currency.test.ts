import { describe, expect, test } from 'vitest';
import { allCurrencies, currencyOf, isCurrencyCode, UnknownCurrency } from './currency.ts';

/** ISO 4217, list one: every active currency by its minor units, and BGN and ANG, which old transactions carry. */
const BY_EXPONENT: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF ' +
    'CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG ' +
    'HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK ' +
    'MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE ' +
    'SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

describe('the currencies', () => {
  test.each(Object.entries(BY_EXPONENT))('with %s digits after the point', (exponent, codes) => {
    const found = allCurrencies().filter((currency) => currency.exponent === Number(exponent));
    expect(found.map(({ code }) => code).sort()).toEqual(codes.split(' ').sort());
  });

  test('have no other number of digits, three digits each as a number, and no two the same', () => {
    const all = allCurrencies();
    expect(all).toHaveLength(Object.values(BY_EXPONENT).flatMap((codes) => codes.split(' ')).length);
    for (const { code, numeric, name } of all) {
      expect(code).toMatch(/^[A-Z]{3}$/);
      expect(numeric).toMatch(/^[0-9]{3}$/);
      expect(name).not.toBe('');
    }
    expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
    // XCG took over the number of ANG.
    expect(new Set(all.map(({ numeric }) => numeric)).size).toBe(all.length - 1);
  });

  test.each([
    ['XCG', '532', 2], // since 2025-03-31, not in the data of the library
    ['ZWG', '924', 2],
    ['MRU', '929', 2], // a fifth by name, but two digits by the standard
    ['MGA', '969', 2],
    ['EUR', '978', 2],
    ['JPY', '392', 0],
    ['KWD', '414', 3],
    ['CLF', '990', 4],
  ])('%s is %s with %d digits', (code, numeric, exponent) => {
    expect(currencyOf(code)).toMatchObject({ code, numeric, exponent });
  });

  test.each(['XAU', 'XAG', 'XPD', 'XPT', 'XBA', 'XBB', 'XBC', 'XBD', 'XDR', 'XSU', 'XUA', 'XTS', 'XXX'])(
    '%s is no money to hold',
    (code) => expect(isCurrencyCode(code)).toBe(false),
  );

  test.each(['', 'eur', 'EU', 'EURO', ' EUR', 'DEM', 'constructor', '__proto__'])('"%s" is unknown', (code) => {
    expect(isCurrencyCode(code)).toBe(false);
    expect(() => currencyOf(code)).toThrow(UnknownCurrency);
  });

  test('an unknown code is not repeated at length', () => {
    expect(() => currencyOf('X'.repeat(1_000))).toThrow(`"${'X'.repeat(16)}" is not`);
  });
});
