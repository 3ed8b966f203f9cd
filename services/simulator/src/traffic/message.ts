// message.ts: the network messages that the simulator writes, as docs/api.md has them, and one on its way.

import type { Fate, Link } from './balance.ts';
import type { SimulatedMerchant } from './merchants.ts';

type Converted = { readonly amount: number; readonly currency: string; readonly rate: string };

export type SimulatedMessage = {
  readonly type: 'authorization' | 'reversal' | 'reversal_advice' | 'clearing';
  readonly network: string;
  readonly network_transaction_id?: string;
  readonly card: { readonly id: string };
  /** Minor units of `currency`. */
  readonly amount?: number;
  readonly remaining_amount?: number;
  readonly currency: string;
  readonly billing?: Converted;
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
    readonly type: 'authorization';
    readonly stan: string;
    readonly transmitted_at: string;
    readonly acquirer_id: string;
  };
  readonly reason?: string;
  readonly repeat?: boolean;
};

/** What will happen to an authorization if it is approved, drawn when it is made. */
export type Plan = {
  readonly fate: Fate;
  readonly link: Link;
  /** In [0, 1): where to cut, how much more, how long to wait; each step of the life reads its own. */
  readonly draws: readonly number[];
};

/** An authorization that can still be followed up. */
export type Life = { readonly message: SimulatedMessage; readonly accountCurrency: string; readonly plan: Plan };
