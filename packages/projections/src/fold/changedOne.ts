// changedOne.ts: an event changes the row that it names; when there is none, the log and the read models disagree.

import type { StatementResultingChanges } from 'node:sqlite';
import { Unfoldable } from '../errors.ts';

/** Throws `Unfoldable`. */
export function changedOne({ changes }: StatementResultingChanges, what: string): void {
  if (Number(changes) !== 1) throw new Unfoldable(`${what} is not there`);
}
