export * from './accountIndex.ts';
export type { Shared } from './authorizers.ts';
export * from './clock.ts';
export * from './engine.ts';
export * from './errors.ts';
export { type Due, ENGINE_LIMITS, type EngineOptions, openEngine } from './runtime.ts';
export { sourceHash } from './sourceHash.ts';
export { openSqliteAccountIndex } from './sqliteAccountIndex.ts';
