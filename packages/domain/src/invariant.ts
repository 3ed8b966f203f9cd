// invariant.ts: what must never be. Whoever sees one broken stops deciding for that account.

/** State or input that no correct history can lead to: a defect, not a wrong input. */
export class InvariantBroken extends Error {
  override name = 'InvariantBroken';
}

export function invariant(holds: boolean, what: string): asserts holds {
  if (!holds) throw new InvariantBroken(what);
}

/**
 * The same where every decision passes: behind a condition, so that the sentence is made only when it is needed. Those of
 * one decision took a tenth of its time.
 */
export function broken(what: string): never {
  throw new InvariantBroken(what);
}
