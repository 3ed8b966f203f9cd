// balance.ts: the balance of the traffic: how often each thing happens. Shares are per thousand unless said.

/** What an authorization asks for. */
export const REQUESTS = [
  { kind: 'ordinary', share: 955 },
  /** Thousands of times the usual amount, at least EUR 100,000: more than a limit or the balance leaves. */
  { kind: 'very_large', share: 20 },
  /** MCC 7995, which careful programs block. */
  { kind: 'gambling', share: 20 },
  /** A card that nobody issued. */
  { kind: 'unknown_card', share: 5 },
] as const;

/** What the network does with an authorization that was approved. */
export const FATES = [
  { fate: 'cleared_exactly', share: 420 },
  /** Below what was approved: an article out of stock, fuel pumped. */
  { fate: 'cleared_below', share: 60 },
  /** Above what was approved: a tip, a minibar. */
  { fate: 'cleared_above', share: 80 },
  /** Two or three shipments, the last one final. */
  { fate: 'cleared_in_parts', share: 120 },
  { fate: 'reversed', share: 100 },
  /** Part is released by `amount`, the rest is cleared. */
  { fate: 'reversed_by_amount', share: 50 },
  /** `remaining_amount` says what stands; it is cleared. */
  { fate: 'reversed_to_remaining', share: 40 },
  /** Left to expire. */
  { fate: 'never_cleared', share: 130 },
] as const;

/** How a follow-up names its original. */
export const LINKS = [
  { link: 'network_transaction_id', share: 600 },
  { link: 'original', share: 300 },
  { link: 'rrn', share: 100 },
] as const;

export const NETWORKS = [
  { network: 'visa', share: 560 },
  { network: 'mastercard', share: 440 },
] as const;

/** Probabilities. */
export const CHANCES = {
  foreign: 0.16,
  /** A card that works only at some categories of merchants is mostly tried there. */
  keepsToAllowedCategories: 0.85,
  takesPartialApproval: 0.25,
  reversalIsAdvice: 0.2,
  /** Of any message: sent again as it was, with `repeat`. */
  duplicate: 0.03,
} as const;

/**
 * Seconds between an answer and what follows it, from and to, of a run of 30 s or more; a shorter run shortens them in
 * proportion, so that it shows every kind. In real life it is hours and days.
 */
export const DELAYS_S = {
  reversal: [0.5, 5],
  clearing: [1, 9],
  furtherClearing: [0.5, 4],
  duplicate: [0, 2],
} as const;

export type Request = (typeof REQUESTS)[number]['kind'];
export type Fate = (typeof FATES)[number]['fate'];
export type Link = (typeof LINKS)[number]['link'];
export type Network = (typeof NETWORKS)[number]['network'];
