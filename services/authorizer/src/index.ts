export { answerJsonSchema } from './answerJson.ts';
export { type ClearingRoutesOptions, clearingRoutes } from './clearing/clearingRoutes.ts';
export { type NetworkRoutesOptions, networkRoutes } from './networkRoutes.ts';
export { MAX_ANSWER_WITHIN_MS } from './undecided.ts';
