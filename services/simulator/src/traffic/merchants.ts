// merchants.ts: the merchants of a run: what they are, where, and what people usually spend there.

import { PLACES, type Place } from './places.ts';
import { type Random, randomOf } from './random.ts';

type Trade = {
  /** ISO 18245. */
  readonly mcc: string;
  readonly names: readonly string[];
  /** How much of all spending by number of payments. */
  readonly share: number;
  /** Euros: half of the payments are below it. */
  readonly median: number;
  /** Spread of the logarithm of the amount. */
  readonly sigma: number;
  /** Probability that a card is there. */
  readonly present: number;
  /** How it takes its money; left out: an authorization, then clearings. */
  readonly takes?: Takes;
};

export type Takes = 'ordinary' | 'stay' | 'fuel' | 'cash' | 'cashback';

const TRADES: readonly Trade[] = [
  {
    mcc: '5411',
    names: ['FRESH CORNER', 'GREEN BASKET', 'CITY MARKET'],
    share: 190,
    median: 24,
    sigma: 0.8,
    present: 0.93,
    takes: 'cashback',
  },
  {
    mcc: '5812',
    names: ['TRATTORIA ROMA', 'OSTERIA NOVA', 'THE GOLDEN FORK'],
    share: 110,
    median: 31,
    sigma: 0.6,
    present: 0.97,
  },
  {
    mcc: '5814',
    names: ['BURGER YARD', 'NOODLE STREET', 'THE DAILY BEAN'],
    share: 130,
    median: 8.5,
    sigma: 0.5,
    present: 0.9,
  },
  {
    mcc: '5542',
    names: ['NORTHERN FUEL', 'HIGHWAY ENERGY'],
    share: 50,
    median: 48,
    sigma: 0.4,
    present: 0.99,
    takes: 'fuel',
  },
  { mcc: '4121', names: ['SWIFT RIDES', 'METRO CABS'], share: 70, median: 13, sigma: 0.6, present: 0.1 },
  { mcc: '4111', names: ['CITY TRANSIT', 'REGIO RAIL'], share: 60, median: 3.4, sigma: 0.5, present: 0.85 },
  { mcc: '4511', names: ['BLUE SKY AIR', 'MERIDIAN AIRLINES'], share: 15, median: 185, sigma: 0.7, present: 0.02 },
  {
    mcc: '7011',
    names: ['HOTEL CENTRAL', 'HARBOUR INN'],
    share: 32,
    median: 142,
    sigma: 0.6,
    present: 0.5,
    takes: 'stay',
  },
  {
    mcc: '7512',
    names: ['OPEN ROAD CARS', 'CITY WHEELS'],
    share: 13,
    median: 210,
    sigma: 0.5,
    present: 0.7,
    takes: 'stay',
  },
  { mcc: '6011', names: ['BANK CORNER', 'CASH POINT'], share: 35, median: 80, sigma: 0.7, present: 1, takes: 'cash' },
  { mcc: '5732', names: ['VOLT ELECTRONICS', 'PIXEL STORE'], share: 25, median: 89, sigma: 1, present: 0.4 },
  { mcc: '5651', names: ['LINEN AND THREAD', 'URBAN WARDROBE'], share: 50, median: 46, sigma: 0.7, present: 0.5 },
  { mcc: '5942', names: ['PAGE TURNER BOOKS', 'INKWELL'], share: 30, median: 19, sigma: 0.6, present: 0.4 },
  { mcc: '5912', names: ['PHARMACY PLUS', 'APOTHEKE AM MARKT'], share: 45, median: 14, sigma: 0.7, present: 0.95 },
  { mcc: '5734', names: ['CLOUD TOOLS', 'STACKWORKS', 'DEPLOYLY'], share: 60, median: 29, sigma: 1, present: 0 },
  { mcc: '7311', names: ['SEARCH ADS', 'SOCIAL REACH'], share: 30, median: 120, sigma: 0.9, present: 0 },
  { mcc: '4899', names: ['STREAMBOX', 'TUNEHOUSE'], share: 60, median: 10.99, sigma: 0.25, present: 0 },
  { mcc: '5999', names: ['MARKETPLACE SELLER', 'GIFT CORNER'], share: 45, median: 27, sigma: 0.9, present: 0.2 },
  { mcc: '8011', names: ['DR WEISS PRACTICE', 'CLINIC AT THE PARK'], share: 10, median: 65, sigma: 0.6, present: 0.7 },
];

const GAMBLING: Trade = {
  mcc: '7995',
  names: ['LUCKY SEVEN BETS', 'GRAND CASINO ONLINE'],
  share: 1,
  median: 40,
  sigma: 0.8,
  present: 0.1,
};

export type SimulatedMerchant = {
  /** As the message carries it. */
  readonly merchant: {
    readonly id: string;
    readonly name: string;
    readonly city: string;
    readonly country: string;
    readonly mcc: string;
  };
  readonly currency: string;
  readonly acquirerId: string;
  readonly terminalIds: readonly string[];
  readonly medianEuros: number;
  readonly sigma: number;
  readonly presentShare: number;
  readonly takes: Takes;
};

export type Wish = {
  /** Of the account. */
  readonly currency: string;
  /** One that charges in another currency. */
  readonly foreign: boolean;
  readonly gambling: boolean;
  /** Merchant category codes to keep to; empty, or none that there is: all. */
  readonly categories: readonly string[];
};

export type Merchants = {
  choose(random: Random, wish: Wish): SimulatedMerchant;
};

/** Merchants of each trade in each place. */
const PER_TRADE_AND_PLACE = 2;

/** The merchants of a seed: a few of every trade in every place, their ids and terminals drawn from the seed. */
export function merchantsOf(seed: number): Merchants {
  const random = randomOf(seed, 0);
  const build = (trade: Trade) =>
    PLACES.map((place) => ({
      place,
      share: place.share,
      merchants: Array.from({ length: PER_TRADE_AND_PLACE }, () => merchantOf(random, trade, place)),
    }));
  const trades = TRADES.map((trade) => ({ mcc: trade.mcc, share: trade.share, shops: build(trade) }));
  const gamblingShops = build(GAMBLING);

  return {
    choose(draw, { currency, foreign, gambling, categories }) {
      const kept = trades.filter(({ mcc }) => categories.includes(mcc));
      const shops = gambling ? gamblingShops : draw.weighted(kept.length === 0 ? trades : kept).shops;
      const fitting = shops.filter(({ place }) => (place.currency === currency) !== foreign);
      // An account in a currency that no place charges in is charged in its own currency wherever it shops.
      if (fitting.length > 0) return draw.pick(draw.weighted(fitting).merchants);
      return { ...draw.pick(draw.weighted(shops).merchants), currency };
    },
  };
}

function merchantOf(random: Random, trade: Trade, place: Place): SimulatedMerchant {
  return {
    merchant: {
      id: random.digits(15),
      name: random.pick(trade.names),
      city: place.city,
      country: place.country,
      mcc: trade.mcc,
    },
    currency: place.currency,
    acquirerId: `4${random.digits(5)}`,
    terminalIds: Array.from(
      { length: 1 + random.below(3) },
      () => `T${random.text(7, '0123456789ABCDEFGHJKMNPQRSTVWXYZ')}`,
    ),
    medianEuros: trade.median,
    sigma: trade.sigma,
    presentShare: trade.present,
    takes: trade.takes ?? 'ordinary',
  };
}
