// invariant.ts: what must never be. Whoever sees one broken stops deciding for that account.

/** State or input that no correct history can lead to: a defect, not a wrong input. */
export class InvariantBroken extends Error {
  override name = 'InvariantBroken';
}

export function invariant(holds: boolean, what: string): asserts holds {
  if (!holds) throw new InvariantBroken(what);
}
