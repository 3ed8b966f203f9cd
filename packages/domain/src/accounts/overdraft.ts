// overdraft.ts: says when an account has become overdrawn, and when it has recovered.

import type { AccountEvent, DomainEvent } from '../events.ts';
import { type Account, spendableMinor } from './account.ts';

/**
 * The events of one append with what they do to what is spendable, if they take it below zero or back: always last, so
 * that the first still stands for the command. `account` is as it was before them.
 */
export function withOverdraft(account: Account, events: readonly AccountEvent[]): readonly AccountEvent[] {
  let { availableMinor } = account.balances;
  let { creditLineMinor } = account;
  for (const { data } of events) {
    if ('balances' in data) availableMinor = data.balances.availableMinor;
    if ('creditLineMinor' in data) creditLineMinor = data.creditLineMinor;
  }
  const afterMinor = availableMinor + creditLineMinor;
  const wasOverdrawn = spendableMinor(account) < 0n;
  const isOverdrawn = afterMinor < 0n;
  if (isOverdrawn === wasOverdrawn) return events;
  const data = { availableMinor, spendableMinor: afterMinor };
  return [...events, { type: isOverdrawn ? 'AccountOverdrawn' : 'AccountRecovered', data }];
}

/** It follows from the event before it, and is never what a command is known by. */
export function isOverdraft({ type }: Pick<DomainEvent, 'type'>): boolean {
  return type === 'AccountOverdrawn' || type === 'AccountRecovered';
}
