export { answerJsonSchema } from './answerJson.ts';
export { MAX_ANSWER_WITHIN_MS, type NetworkRoutesOptions, networkRoutes } from './networkRoutes.ts';
