// chart.ts: the chart of accounts, declared once: for events, the trial balance and the documentation.

/** On which side an account's balance usually stands: what we owe and earn on the credit side, the rest on the debit side. */
export type NormalSide = 'debit' | 'credit';

/** What there is one of: for each account of the program, each program, or each network of a program. All per currency. */
export type LedgerScope = 'account' | 'program' | 'program and network';

type Declared = { readonly normal: NormalSide; readonly scope: LedgerScope; readonly says: string };

/** In the order in which a trial balance lists them. */
export const CHART = {
  available: declare('credit', 'account', 'What the account’s owner is owed and no hold keeps from being spent.'),
  held: declare('credit', 'account', 'What the owner is owed and open authorizations keep from being spent.'),
  bank: declare('debit', 'program', 'Money at the bank: deposits come from it, withdrawals go to it.'),
  settlement: declare('credit', 'program and network', 'What the program owes a network for clearings, less refunds.'),
  in_transit: declare('credit', 'program', 'What has left one stream of the log and has not yet come to another.'),
  suspense: declare('debit', 'program', 'Settled with a network, but of an unknown owner, or without a rate.'),
  fees: declare('credit', 'program', 'Fees and mark-ups earned from owners.'),
  fx: declare('debit', 'program', 'The position between two currencies: what was given for what was taken.'),
  interchange: declare('credit', 'program', 'What networks pay the program for purchases.'),
  adjustments: declare('debit', 'program', 'The other side of corrections that are nobody’s loss.'),
  losses: declare('debit', 'program', 'What the program bears: fraud, write-offs, what nobody pays back.'),
  disputes: declare('debit', 'program', 'What owners were given back while a dispute runs.'),
} as const satisfies Record<string, Declared>;

export type LedgerAccountName = keyof typeof CHART;

/** An account of the chart as a leg names it: settlement with its network, the others as they are. */
export type LedgerAccount = Exclude<LedgerAccountName, 'settlement'> | `settlement:${string}`;

/** Those that a leg names as they are. */
export const PLAIN_LEDGER_ACCOUNTS = Object.keys(CHART).filter(isPlain);

/** What stands behind `settlement:`. */
export const NETWORK_NAME = /^[a-z0-9_]{1,20}$/;

/** The entry of the chart that a leg's account belongs to, or undefined for a name that is not on it. */
export function chartNameOf(account: string): LedgerAccountName | undefined {
  if (isOnChart(account) && account !== 'settlement') return account;
  return account.startsWith('settlement:') ? 'settlement' : undefined;
}

function isPlain(name: string): name is Exclude<LedgerAccountName, 'settlement'> {
  return isOnChart(name) && name !== 'settlement';
}

function isOnChart(name: string): name is LedgerAccountName {
  return Object.hasOwn(CHART, name);
}

function declare(normal: NormalSide, scope: LedgerScope, says: string): Declared {
  return { normal, scope, says };
}
