// message.ts: the network messages that the simulator writes, as docs/api.md has them.

import type { SimulatedMerchant } from './merchants.ts';

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

type Converted = { readonly amount: number; readonly currency: string; readonly rate: string };

export type SimulatedMessage = {
  readonly type: MessageType;
  readonly network: string;
  readonly network_transaction_id?: string;
  readonly card: { readonly id: string };
  /** Minor units of `currency`. */
  readonly amount?: number;
  readonly remaining_amount?: number;
  readonly currency: string;
  readonly billing?: Converted;
  readonly cash_amount?: number;
  readonly surcharge_amount?: number;
  readonly final?: boolean;
  readonly merchant: SimulatedMerchant['merchant'];
  readonly acquirer_id: string;
  readonly acquirer_country: string;
  readonly terminal_id: string;
  readonly stan: string;
  readonly rrn: string;
  readonly authorization_code?: string;
  readonly arn?: string;
  readonly transmitted_at: string;
  readonly entry_mode?: string;
  readonly card_present?: boolean;
  readonly partial_approval?: boolean;
  readonly original?: {
    readonly type: MessageType;
    readonly stan: string;
    readonly transmitted_at: string;
    readonly acquirer_id: string;
  };
  readonly network_decision?: 'declined';
  readonly reason?: string;
  readonly repeat?: boolean;
};

/** Decided: approved or declined. A reversal is asked too, but answered like a fact. */
export function isDecided(type: MessageType): boolean {
  switch (type) {
    case 'authorization':
    case 'financial_authorization':
    case 'increment':
    case 'refund_authorization':
    case 'balance_inquiry':
    case 'account_verification':
      return true;
    default:
      return false;
  }
}
