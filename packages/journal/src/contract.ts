// contract.ts: the suite that every adapter of the journal must pass. It needs no empty log.

import { afterAll, beforeAll, describe } from 'vitest';
import { limitsContract } from './contract/limits.ts';
import { modelContract } from './contract/model.ts';
import { racesContract } from './contract/races.ts';
import { readsContract } from './contract/reads.ts';
import { revisionsContract } from './contract/revisions.ts';
import type { Current, Subject } from './contract/subject.ts';
import { subscriptionsContract } from './contract/subscriptions.ts';

import { LIMITS } from './journal.ts';

export type { Subject } from './contract/subject.ts';

/** Declares the tests of one adapter; `open` is called once, `destroy` of the last opened subject at the end. */
export function journalContract(name: string, { open }: { readonly open: () => Promise<Subject> }): void {
  describe(name, () => {
    let subject: Subject | undefined;
    const opened = (): Subject => {
      if (subject === undefined) throw new Error('the subject of the contract could not be opened');
      return subject;
    };
    const current: Current = {
      get journal() {
        return opened().journal;
      },
      get reader() {
        return opened().reader ?? opened().journal;
      },
      get streamNameLength() {
        return opened().streamNameLength ?? LIMITS.streamNameLength;
      },
      reopen: async () => {
        subject = await opened().reopen();
      },
    };

    beforeAll(async () => {
      subject = await open();
    });
    afterAll(async () => {
      await subject?.destroy();
    });

    revisionsContract(current);
    racesContract(current);
    limitsContract(current);
    readsContract(current);
    subscriptionsContract(current);
    modelContract(current);
  });
}
