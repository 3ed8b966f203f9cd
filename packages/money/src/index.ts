export { atLeastZero, lesser } from './bounds.ts';
export {
  allCurrencies,
  type Currency,
  type CurrencyCode,
  currencyOf,
  isCurrencyCode,
  UnknownCurrency,
} from './currency.ts';
export { basisPointsOf, convert, isRate, RATE_DIGITS, type RateDirection } from './exchange.ts';
export { decodeMinor, encodeMinor, toApiInteger } from './json.ts';
export { add, CurrencyMismatch, compare, format, formatMinor, type Money, money, subtract } from './money.ts';
export { proportionDown, proportionHalfUp } from './rounding.ts';
