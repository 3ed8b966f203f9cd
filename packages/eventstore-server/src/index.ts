export type { AppendFault, Faults, Refusal } from './faults.ts';
export { type EventStoreServer, startEventStoreServer } from './server.ts';
