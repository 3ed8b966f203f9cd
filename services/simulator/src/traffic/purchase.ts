// purchase.ts: the nth purchase of a seed: which card, where, how much, and what becomes of it if it is approved.

import { currencyOf } from '@holdfast/money';
import { AFTERWARDS, CHANCES, FATES, LINKS, NETWORKS, type Network, REQUESTS, SINGLES, STAYS } from './balance.ts';
import type { Merchants, SimulatedMerchant, Takes } from './merchants.ts';
import { amountIn, isExchanged } from './places.ts';
import { type Random, randomOf } from './random.ts';
import type { Kind, Plan } from './steps.ts';

export type SimulatedCard = {
  readonly id: string;
  readonly currency: string;
  /** Merchant category codes that its controls allow; empty: all. */
  readonly allowed: readonly string[];
};

export type Purchase = {
  /** Its number within the run. */
  readonly number: number;
  readonly cardId: string;
  readonly accountCurrency: string;
  readonly currency: string;
  readonly shop: SimulatedMerchant;
  readonly network: Network;
  readonly terminalId: string;
  readonly entryMode: string;
  readonly present: boolean;
  readonly takesPartialApproval: boolean;
  /** No such card exists: only a decline is right. */
  readonly unknownCard: boolean;
  /** Careful issuers decline it, and no network would approve it in their place. */
  readonly doubtful: boolean;
  readonly plan: Plan;
};

const DRAWS = 12;
/** Keeps every amount, in any currency, within the twelve digits of a message. */
const MOST_EUROS = 2_000_000;
/** Cash comes in notes, which are tens of euros or what is like them. */
const NOTE_EUROS = 10;

/** Purchase `n` of `seed`: the same in every run over the same `cards`, whatever was answered before. */
export function purchase(seed: number, n: number, cards: readonly SimulatedCard[], merchants: Merchants): Purchase {
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
  return {
    number: n,
    cardId: request === 'unknown_card' ? unknownCardId(random) : card.id,
    accountCurrency: card.currency,
    currency: shop.currency,
    shop,
    network,
    terminalId: random.pick(shop.terminalIds),
    entryMode: present ? random.pick(['chip', 'contactless', 'contactless']) : 'ecommerce',
    present,
    takesPartialApproval: present && random.chance(CHANCES.takesPartialApproval),
    unknownCard: request === 'unknown_card',
    doubtful: request === 'unknown_card' || request === 'very_large' || request === 'gambling',
    plan: {
      ...paid(random, request, present ? shop.takes : withoutCard(shop.takes), shop.currency, amount),
      afterwards: random.weighted(AFTERWARDS).after,
      link: random.weighted(LINKS).link,
      draws: Array.from({ length: DRAWS }, () => random.next()),
    },
  };
}

type Paid = Pick<Plan, 'kind' | 'amount'>;

function paid(random: Random, request: string, takes: Takes, currency: string, amount: number): Paid {
  switch (request) {
    case 'force_post':
    case 'refund':
    case 'refund_announced':
    case 'refund_called_off':
    case 'declined_by_network':
    case 'balance_inquiry':
    case 'account_verification':
      return { kind: { of: request }, amount };
    case 'ordinary':
      return ordinarilyPaid(random, takes, currency, amount);
    default:
      return { kind: { of: 'ordinary', fate: random.weighted(FATES).fate }, amount };
  }
}

function ordinarilyPaid(random: Random, takes: Takes, currency: string, amount: number): Paid {
  const ordinary: Kind = { of: 'ordinary', fate: random.weighted(FATES).fate };
  switch (takes) {
    case 'stay':
      return { kind: { of: 'stay', fate: random.weighted(STAYS).fate }, amount };
    case 'fuel':
      return { kind: { of: 'fuel', unit: 10 ** currencyOf(currency).exponent }, amount };
    case 'cash': {
      const note = amountIn(currency, NOTE_EUROS);
      const cash = note * Math.max(1, Math.round(amount / note));
      const surcharge = random.chance(CHANCES.surcharge) ? amountIn(currency, random.between(1, 5)) : 0;
      const kind = { of: 'single', fate: random.weighted(SINGLES).fate, cash, surcharge } as const;
      return { kind, amount: cash + surcharge };
    }
    case 'cashback': {
      if (!random.chance(CHANCES.cashback)) return { kind: ordinary, amount };
      const cash = amountIn(currency, NOTE_EUROS) * (1 + random.below(5));
      const kind = { of: 'single', fate: random.weighted(SINGLES).fate, cash, surcharge: 0 } as const;
      return { kind, amount: amount + cash };
    }
    case 'ordinary':
      return { kind: ordinary, amount };
    default:
      return takes satisfies never;
  }
}

/** Rooms are booked from afar; cash is not taken so. */
function withoutCard(takes: Takes): Takes {
  return takes === 'stay' ? takes : 'ordinary';
}

function euros(random: Random, request: string, median: number, sigma: number): number {
  const usual = random.logNormal(median, sigma);
  return Math.min(MOST_EUROS, request === 'very_large' ? Math.max(usual, 50) * random.between(2_000, 20_000) : usual);
}

/** Well formed (a TypeID: 26 characters of base 32, the first at most 7) and, with 125 random bits, nobody's. */
function unknownCardId(random: Random): string {
  return `card_0${random.text(25, '0123456789abcdefghjkmnpqrstvwxyz')}`;
}
