// authorization.ts: the nth purchase of a seed: which card, where, how much, and what becomes of it if it is approved.

import { CHANCES, FATES, LINKS, NETWORKS, REQUESTS } from './balance.ts';
import { networkTransactionId, type Stamp } from './identity.ts';
import type { Merchants } from './merchants.ts';
import type { Life, SimulatedMessage } from './message.ts';
import { amountIn, convert, isExchanged } from './places.ts';
import { type Random, randomOf } from './random.ts';

export type SimulatedCard = {
  readonly id: string;
  readonly currency: string;
  /** Merchant category codes that its controls allow; empty: all. */
  readonly allowed: readonly string[];
};

export type Purchase = Life & {
  /** No such card exists: only a decline is right. */
  readonly unknownCard: boolean;
  readonly duplicated: boolean;
};

/** Enough for the longest life: two numbers a step. */
const DRAWS = 12;
/** Keeps every amount, in any currency, within the twelve digits of a message. */
const MOST_EUROS = 2_000_000;

/**
 * Purchase `n` of `seed`: the same card, merchant, amount and fate in every run over the same `cards`, whatever was
 * answered before. `stamp` and `nowMs` are the only parts that differ between runs.
 */
export function purchase(
  seed: number,
  n: number,
  cards: readonly SimulatedCard[],
  merchants: Merchants,
  stamp: Stamp,
  nowMs: number,
): Purchase {
  const random = randomOf(seed, 1, n);
  const card = random.pick(cards);
  const request = random.weighted(REQUESTS).kind;
  const foreign = random.chance(CHANCES.foreign) && isExchanged(card.currency);
  const shop = merchants.choose(random, {
    currency: card.currency,
    foreign,
    gambling: request === 'gambling',
    categories: random.chance(CHANCES.keepsToAllowedCategories) ? card.allowed : [],
  });
  const { network } = random.weighted(NETWORKS);
  const present = random.chance(shop.presentShare);
  const amount = amountIn(shop.currency, euros(random, request, shop.medianEuros, shop.sigma));
  const converted = shop.currency === card.currency ? undefined : convert(amount, shop.currency, card.currency);

  const message: SimulatedMessage = {
    type: 'authorization',
    network,
    network_transaction_id: networkTransactionId(network, stamp, nowMs),
    card: { id: request === 'unknown_card' ? unknownCardId(random) : card.id },
    amount,
    currency: shop.currency,
    ...(converted === undefined
      ? {}
      : { billing: { amount: converted.amount, currency: card.currency, rate: converted.rate } }),
    merchant: shop.merchant,
    acquirer_id: shop.acquirerId,
    acquirer_country: shop.merchant.country,
    terminal_id: random.pick(shop.terminalIds),
    stan: stamp.stan,
    rrn: stamp.rrn,
    transmitted_at: new Date(nowMs).toISOString(),
    entry_mode: present ? random.pick(['chip', 'contactless', 'contactless']) : 'ecommerce',
    card_present: present,
    partial_approval: present && random.chance(CHANCES.takesPartialApproval),
  };
  return {
    message,
    accountCurrency: card.currency,
    unknownCard: request === 'unknown_card',
    duplicated: random.chance(CHANCES.duplicate),
    plan: {
      fate: random.weighted(FATES).fate,
      link: random.weighted(LINKS).link,
      draws: Array.from({ length: DRAWS }, () => random.next()),
    },
  };
}

function euros(random: Random, request: string, median: number, sigma: number): number {
  const usual = random.logNormal(median, sigma);
  return Math.min(MOST_EUROS, request === 'very_large' ? Math.max(usual, 50) * random.between(2_000, 20_000) : usual);
}

/** Well formed (a TypeID: 26 characters of base 32, the first at most 7) and, with 125 random bits, nobody's. */
function unknownCardId(random: Random): string {
  return `card_0${random.text(25, '0123456789abcdefghjkmnpqrstvwxyz')}`;
}
