// programVersions.ts: every version of the programs, for decisions name the one that they used.

import {
  evolveProgram,
  NO_RATES,
  type Program,
  type ProgramEvent,
  type ProgramId,
  type Recorded,
} from '@holdfast/domain';

/**
 * Of one program. A version with newly published rates of 500 pairs is 133 KB (measured), and decisions are by the newest
 * ones: few versions come while an append is under way.
 */
export const VERSIONS_WITH_RATES = 200;

export type ProgramVersion = {
  readonly program: Program;
  /** False: newer versions have taken the place of its rates. */
  readonly hasRates: boolean;
};

export type ProgramVersions = {
  /** Throws `InvariantBroken`. */
  add(id: ProgramId, event: Recorded<ProgramEvent>): void;
  at(id: ProgramId, revision: number): ProgramVersion | undefined;
  readonly size: number;
};

export function programVersions(): ProgramVersions {
  const programs = new Map<ProgramId, ProgramVersion[]>();
  return {
    add(id, event) {
      const versions = programs.get(id) ?? [];
      versions[event.revision] = { program: evolveProgram(versions.at(-1)?.program, event), hasRates: true };
      programs.set(id, versions);
      const old = versions[event.revision - VERSIONS_WITH_RATES];
      if (old === undefined) return;
      versions[event.revision - VERSIONS_WITH_RATES] = {
        program: { ...old.program, rates: NO_RATES },
        hasRates: false,
      };
    },
    at: (id, revision) => programs.get(id)?.[revision],
    get size() {
      return programs.size;
    },
  };
}
