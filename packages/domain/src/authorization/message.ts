// message.ts: the network message as the domain sees it: parsed, in minor units, with the card's id for its number.

import type { CurrencyCode } from '@holdfast/money';
import type { CardId } from '../ids.ts';

export const MESSAGE_TYPES = [
  'authorization',
  'authorization_advice',
  'financial_authorization',
  'increment',
  'increment_advice',
  'reversal',
  'reversal_advice',
  'clearing',
  'clearing_reversal',
  'refund_authorization',
  'refund',
  'refund_reversal',
  'balance_inquiry',
  'account_verification',
] as const;

export type MessageType = (typeof MESSAGE_TYPES)[number];

/** The kinds that this release decides; the others are refused by name at the edge. */
export const SUPPORTED_MESSAGE_TYPES = ['authorization', 'reversal', 'reversal_advice', 'clearing'] as const;

export type SupportedMessageType = (typeof SUPPORTED_MESSAGE_TYPES)[number];

/** The network's own conversion; `rate` is informative. */
export type ConvertedAmount = {
  readonly amountMinor: bigint;
  readonly currency: CurrencyCode;
  readonly rate?: string;
};

export type Merchant = {
  readonly id: string;
  readonly name?: string;
  readonly city?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  /** Merchant category code, four digits. */
  readonly mcc: string;
};

/** Which message an increment, advice, reversal or clearing means. */
export type OriginalReference = {
  readonly type: MessageType;
  readonly stan: string;
  readonly transmittedAt: string;
  readonly acquirerId: string;
};

/**
 * Every field of a network message but the card's number, CVV2 and PIN data, which never get here. Amounts are in
 * minor units of the currency that stands beside them. Times are ISO 8601 in UTC, as sent.
 */
export type NetworkMessage = {
  readonly type: MessageType;
  readonly cardId: CardId;
  /** YYMM, as the terminal sent it. */
  readonly cardExpiry?: string;
  readonly network: string;
  readonly messageId?: string;
  readonly repeat?: boolean;
  readonly networkTransactionId?: string;
  /** The whole sum in transaction currency, cash and surcharge included. Only a reversal may leave it out. */
  readonly amountMinor?: bigint;
  readonly currency: CurrencyCode;
  readonly billing?: ConvertedAmount;
  readonly settlement?: ConvertedAmount;
  readonly cashAmountMinor?: bigint;
  readonly surchargeAmountMinor?: bigint;
  readonly interchangeMinor?: bigint;
  /** Of a reversal: the total that stands after it. */
  readonly remainingAmountMinor?: bigint;
  /** Of a clearing: no further one follows. Left out: true. */
  readonly final?: boolean;
  readonly merchant?: Merchant;
  readonly acquirerId?: string;
  readonly acquirerCountry?: string;
  readonly terminalId?: string;
  readonly stan?: string;
  readonly rrn?: string;
  readonly authorizationCode?: string;
  readonly arn?: string;
  readonly transmittedAt?: string;
  readonly entryMode?: string;
  readonly cardPresent?: boolean;
  readonly wallet?: string;
  readonly partialApproval?: boolean;
  readonly verification?: { readonly avs?: string; readonly threeDs?: string; readonly pin?: string };
  readonly original?: OriginalReference;
  readonly networkDecision?: 'approved' | 'declined';
  readonly reason?: string;
  readonly privateData?: Readonly<Record<string, string>>;
};

export type AuthorizationMessage = NetworkMessage & {
  readonly type: 'authorization';
  readonly amountMinor: bigint;
  readonly merchant: Merchant;
};

export type ReversalMessage = NetworkMessage & { readonly type: 'reversal' | 'reversal_advice' };

export type ClearingMessage = NetworkMessage & {
  readonly type: 'clearing';
  readonly amountMinor: bigint;
  readonly merchant: Merchant;
};

export type SupportedMessage = AuthorizationMessage | ReversalMessage | ClearingMessage;
