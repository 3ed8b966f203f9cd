// faultyIndex.ts: an account index that meets trouble: slow, full, unreadable.

import { type AccountIndex, AccountIndexFull, AccountIndexUnreadable } from '../accountIndex.ts';
import type { Clock } from '../clock.ts';

export type IndexFault =
  /** Nothing is written, or nobody can look. */
  | { readonly kind: 'fails' }
  /** Written after `ms`. */
  | { readonly kind: 'slow'; readonly ms: number };

/** `next` says what happens to a write, in the order in which they come; `unreadable` whether a look-up fails now. */
export function faultyIndex(
  index: AccountIndex,
  clock: Clock,
  next: () => IndexFault | undefined,
  unreadable: () => boolean = () => false,
): AccountIndex {
  function look<Found>(found: () => Found): Found {
    if (unreadable()) throw new AccountIndexUnreadable('the account index cannot be read now');
    return found();
  }

  return {
    ...index,
    async write(write) {
      const fault = next();
      if (fault?.kind === 'fails') throw new AccountIndexFull('too much waits to be written to the account index');
      if (fault?.kind === 'slow') await new Promise<void>((resolve) => void clock.after(fault.ms, resolve));
      return index.write(write);
    },
    snapshot: (stream) => look(() => index.snapshot(stream)),
    revisionsOf: (stream, key) => look(() => index.revisionsOf(stream, key)),
  };
}
