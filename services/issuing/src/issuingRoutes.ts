// issuingRoutes.ts: the management API for platforms: programs, accounts, cards, transactions.

import type { Instant } from '@holdfast/domain';
import type { Engine } from '@holdfast/engine';
import type { Server } from '@holdfast/http';
import type { Queries } from '@holdfast/projections';
import type { Vault } from '@holdfast/vault';
import { accountRoutes } from './routes/accounts.ts';
import { cardRoutes } from './routes/cards.ts';
import { clearingFileRoutes } from './routes/clearingFiles.ts';
import { fundsRoutes } from './routes/funds.ts';
import { fxRateRoutes } from './routes/fxRates.ts';
import { programRoutes } from './routes/programs.ts';
import { suspenseRoutes } from './routes/suspense.ts';
import { transactionRoutes } from './routes/transactions.ts';
import { transferRoutes } from './routes/transfers.ts';
import { unappliedRoutes } from './routes/unapplied.ts';

export type IssuingOptions = {
  readonly engine: Engine;
  readonly queries: Queries;
  readonly vault: Vault;
  readonly clock: { now(): Instant };
};

/** The plugin. It expects a server of `@holdfast/http`, which knows the caller before a body is read. */
export function issuingRoutes(options: IssuingOptions) {
  return async (app: Server): Promise<void> => {
    programRoutes(app, options);
    fxRateRoutes(app, options);
    accountRoutes(app, options);
    fundsRoutes(app, options);
    cardRoutes(app, options);
    transactionRoutes(app, options);
    transferRoutes(app, options);
    suspenseRoutes(app, options);
    unappliedRoutes(app, options);
    clearingFileRoutes(app, options);
  };
}
