// balance.ts: the balance of the traffic: how often each thing happens. Shares are per thousand unless said.

/** What a purchase begins with. */
export const REQUESTS = [
  { kind: 'ordinary', share: 868 },
  /** Thousands of times the usual amount, at least EUR 100,000: more than a limit or the balance leaves. */
  { kind: 'very_large', share: 20 },
  /** MCC 7995, which careful programs block. */
  { kind: 'gambling', share: 20 },
  /** A card that nobody issued. */
  { kind: 'unknown_card', share: 5 },
  /** A clearing that nobody asked for: offline, on board a plane. */
  { kind: 'force_post', share: 12 },
  /** Money back for a purchase that the issuer has never seen. */
  { kind: 'refund', share: 15 },
  /** A merchant asks whether it may give money back, and does. */
  { kind: 'refund_announced', share: 12 },
  /** It asks, and takes the question back. */
  { kind: 'refund_called_off', share: 5 },
  /** The network declined in our place and tells. */
  { kind: 'declined_by_network', share: 8 },
  { kind: 'balance_inquiry', share: 15 },
  { kind: 'account_verification', share: 20 },
] as const;

/** What the network does with an ordinary authorization that was approved. */
export const FATES = [
  { fate: 'cleared_exactly', share: 410 },
  /** Below what was approved: an article out of stock. */
  { fate: 'cleared_below', share: 60 },
  /** Above what was approved: a tip. */
  { fate: 'cleared_above', share: 80 },
  /** Two or three shipments, the last one final. */
  { fate: 'cleared_in_parts', share: 120 },
  /** One shipment, and the rest is called off. */
  { fate: 'cleared_in_part', share: 30 },
  { fate: 'reversed', share: 90 },
  /** Part is released by `amount`, the rest is cleared. */
  { fate: 'reversed_by_amount', share: 50 },
  /** `remaining_amount` says what stands; it is cleared. */
  { fate: 'reversed_to_remaining', share: 40 },
  /** Cleared although nothing is held any more, as after an expiry. */
  { fate: 'cleared_after_reversal', share: 15 },
  /** Left to expire. */
  { fate: 'never_cleared', share: 105 },
] as const;

/** What becomes of a hotel room or a rented car. */
export const STAYS = [
  /** Longer than planned: one to three increments, then the bill, sometimes with a minibar. */
  { fate: 'extended', share: 600 },
  /** Of an increment and what an advice says it came to in all. */
  { fate: 'settled_by_advice', share: 150 },
  /** An increment is taken back, all or part of it. */
  { fate: 'shortened', share: 130 },
  { fate: 'cancelled', share: 120 },
] as const;

/** What becomes of a single message: cash, or a purchase with cashback. */
export const SINGLES = [
  /** Posted at once, and no more is heard of it. */
  { fate: 'unconfirmed', share: 300 },
  { fate: 'confirmed', share: 500 },
  /** The clearing record says another sum. */
  { fate: 'confirmed_differently', share: 60 },
  /** The machine did not give the money. */
  { fate: 'undone', share: 70 },
  /** It gave some of it. */
  { fate: 'undone_in_part', share: 70 },
] as const;

/** What comes after a clearing. */
export const AFTERWARDS = [
  { after: 'nothing', share: 860 },
  { after: 'refund', share: 60 },
  /** Asked first, then given. */
  { after: 'announced_refund', share: 20 },
  /** Given, and taken back. */
  { after: 'reversed_refund', share: 20 },
  /** The last presentment is taken back, all or part of it. */
  { after: 'clearing_reversal', share: 40 },
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
  /** Of an increment: the network has approved it in our place. */
  incrementIsAdvice: 0.25,
  /** At the till of a grocery, with the card there. */
  cashback: 0.08,
  surcharge: 0.4,
} as const;

/**
 * Seconds between an answer and what follows it, from and to, of a run of 30 s or more; a shorter run shortens them in
 * proportion, so that it shows every kind. In real life it is hours and days.
 */
export const DELAYS_S = {
  reversal: [0.5, 5],
  clearing: [1, 9],
  furtherClearing: [0.5, 4],
  /** Increments, advices, refunds, and what takes something back. */
  other: [0.5, 4],
  /** Of the same message, after its answer. */
  again: [0, 2],
  /** From when a late message was sent until it arrives. */
  late: [1, 8],
  /** Within which the messages of a purchase come in any order. */
  outOfOrder: [0, 6],
  /** Until the network gives up waiting for an answer. */
  givesUp: [0, 1],
  /** How long the network stands in. */
  outage: [2, 6],
} as const;

export type Request = (typeof REQUESTS)[number]['kind'];
export type Fate = (typeof FATES)[number]['fate'];
export type StayFate = (typeof STAYS)[number]['fate'];
export type SingleFate = (typeof SINGLES)[number]['fate'];
export type Afterwards = (typeof AFTERWARDS)[number]['after'];
export type Link = (typeof LINKS)[number]['link'];
export type Network = (typeof NETWORKS)[number]['network'];
export type Delay = keyof typeof DELAYS_S;
