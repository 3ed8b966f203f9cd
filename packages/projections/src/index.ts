export type { ClearingOutcome } from './clearingJson.ts';
export type { Rebuilt } from './database.ts';
export { CheckpointMoved, type FailedAt, NotReadModels, ProjectionFailed } from './errors.ts';
export { MAX_LIST_ITEMS } from './lists.ts';
export { MAX_DUE, MAX_MESSAGES, openQueries, type PositionSource } from './openQueries.ts';
export { openProjections, type Progress, type Projections, type ProjectionsOptions } from './projections.ts';
export * from './queries.ts';
export { createWaiters, MAX_WAIT_MS, type Waiters } from './waiters.ts';
