// refusal.ts: why the command line does not do what it was asked: one sentence and an exit status.

/** What a process ends with. `broken` is a finding; `wrongUse` changed nothing; `fatal` is for restarting. */
export const EXIT = { ok: 0, broken: 1, cannotStart: 1, wrongUse: 2, fatal: 70 } as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: ExitStatus;
  constructor(sentence: string, status: ExitStatus = EXIT.wrongUse) {
    super(sentence);
    this.status = status;
  }
}
