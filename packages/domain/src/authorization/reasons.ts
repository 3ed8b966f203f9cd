// reasons.ts: the catalogue of reasons, version 2. One list: code, DE39, retry class, who decided, a sentence.

export const REASON_CATALOGUE_VERSION = 2;

/** When the network may try again: never, later as it is, or with other data. */
export type RetryClass = 'never' | 'later' | 'with_other_data';

export type DecidedBy = 'network' | 'program' | 'account' | 'cardholder' | 'card' | 'rule' | 'external' | 'system';

type Reason = {
  /** ISO 8583 data element 39. */
  readonly responseCode: string;
  readonly retry: RetryClass;
  readonly decidedBy: DecidedBy;
  readonly sentence: string;
};

const catalogue = {
  identity_conflict: reason(
    '94',
    'with_other_data',
    'network',
    'A message with this identity was already received with other content.',
  ),
  original_not_found: reason('25', 'later', 'network', 'The message that this one refers to is not known.'),
  over_reversal: reason(
    '13',
    'with_other_data',
    'network',
    'The reversal asks for more than is open; nothing was released.',
  ),
  nothing_to_reverse: reason(
    '13',
    'never',
    'network',
    'Nothing is open any more; posted money moves only by a clearing reversal, a refund or a correction.',
  ),
  reversed_before_arrival: reason('25', 'never', 'network', 'The reversal of this message came before it.'),
  declined_by_network: reason('05', 'never', 'network', 'The network has already declined it in our place.'),
  currency_differs: reason(
    '12',
    'with_other_data',
    'network',
    'An increment is in the currency of the authorization that it raises.',
  ),
  answered_late: reason('91', 'later', 'system', 'The decision was not durable before the network stopped waiting.'),
  card_not_found: reason('14', 'never', 'network', 'No card has this number or id.'),
  program_paused: reason('57', 'later', 'program', 'The card program is paused.'),
  account_closed: reason('57', 'never', 'account', 'The account is closed.'),
  card_closed: reason('46', 'never', 'card', 'The card is closed.'),
  card_paused: reason('62', 'later', 'card', 'The card is paused.'),
  card_expired: reason('54', 'never', 'card', 'The card has expired.'),
  expiry_mismatch: reason('54', 'with_other_data', 'card', 'The expiry date sent is not the card’s.'),
  merchant_category_blocked: reason('57', 'never', 'card', 'The card is blocked at merchants of this category.'),
  merchant_category_not_allowed: reason(
    '57',
    'never',
    'card',
    'The card may be used only at merchants of other categories.',
  ),
  account_merchant_category_blocked: reason(
    '57',
    'never',
    'account',
    'The account is blocked at merchants of this category.',
  ),
  account_merchant_category_not_allowed: reason(
    '57',
    'never',
    'account',
    'The account may be used only at merchants of other categories.',
  ),
  fx_rate_missing: reason('91', 'later', 'system', 'There is no rate to convert the amount to the account’s currency.'),
  card_limit_exceeded: reason('61', 'with_other_data', 'card', 'The amount is more than a limit of the card leaves.'),
  account_limit_exceeded: reason(
    '61',
    'with_other_data',
    'account',
    'The amount is more than a limit of the account leaves.',
  ),
  insufficient_funds: reason('51', 'later', 'account', 'The account has less than the amount asked for.'),
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof catalogue;

export const reasons: Readonly<Record<ReasonCode, Reason>> = catalogue;

export const REASON_CODES = Object.keys(catalogue) as readonly ReasonCode[];

function reason(responseCode: string, retry: RetryClass, decidedBy: DecidedBy, sentence: string): Reason {
  return { responseCode, retry, decidedBy, sentence };
}

/** What is noted on a message that was accepted or approved although something about it is out of the ordinary. */
export const FLAGS = [
  'ambiguous_original',
  'after_decline',
  'force_post',
  'known_network_transaction',
  'late',
  'no_original',
  'no_rate',
  'over_capture',
  'over_limit',
  'over_refund',
  'over_reversal',
  'overdrawn',
  'possible_duplicate',
  'stale_rate',
  'stand_in',
] as const;

export type Flag = (typeof FLAGS)[number];
