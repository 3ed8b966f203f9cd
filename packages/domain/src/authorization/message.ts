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

/** Told with a sum and a merchant. */
type WithSum<Type extends MessageType> = NetworkMessage & {
  readonly type: Type;
  readonly amountMinor: bigint;
  readonly merchant: Merchant;
};

/** Means an earlier message, which has the merchant. */
type Backward<Type extends MessageType> = NetworkMessage & { readonly type: Type; readonly amountMinor: bigint };

export type AuthorizationMessage = WithSum<'authorization'>;
export type FinancialAuthorizationMessage = WithSum<'financial_authorization'>;
export type IncrementMessage = WithSum<'increment'>;
export type AuthorizationAdvice = WithSum<'authorization_advice'>;
export type IncrementAdvice = WithSum<'increment_advice'>;
export type ReversalMessage = NetworkMessage & { readonly type: 'reversal' | 'reversal_advice' };
export type ClearingMessage = WithSum<'clearing'>;
export type ClearingReversalMessage = Backward<'clearing_reversal'>;
export type RefundAuthorizationMessage = WithSum<'refund_authorization'>;
export type RefundMessage = WithSum<'refund'>;
export type RefundReversalMessage = Backward<'refund_reversal'>;
export type InquiryMessage = NetworkMessage & { readonly type: 'balance_inquiry' | 'account_verification' };

/** A message as it is decided: with all that its kind must have. */
export type DecidableMessage =
  | AuthorizationMessage
  | FinancialAuthorizationMessage
  | IncrementMessage
  | AuthorizationAdvice
  | IncrementAdvice
  | ReversalMessage
  | ClearingMessage
  | ClearingReversalMessage
  | RefundAuthorizationMessage
  | RefundMessage
  | RefundReversalMessage
  | InquiryMessage;

/** A request and its advice are one kind, both in identity and when a later message refers to them. */
export function kindOf(type: MessageType): MessageType {
  switch (type) {
    case 'authorization_advice':
      return 'authorization';
    case 'increment_advice':
      return 'increment';
    case 'reversal_advice':
      return 'reversal';
    default:
      return type;
  }
}

/** True for what is asked and may be declined; the other kinds tell what has happened and are accepted. */
export function isRequest(type: MessageType): boolean {
  switch (type) {
    case 'authorization':
    case 'financial_authorization':
    case 'increment':
    case 'reversal':
    case 'refund_authorization':
    case 'balance_inquiry':
    case 'account_verification':
      return true;
    default:
      return false;
  }
}

/** An advice of what the network declined in our place: recorded, moves nothing. */
export function declinedByNetwork({ type, networkDecision }: NetworkMessage): boolean {
  return networkDecision === 'declined' && type.endsWith('_advice');
}
