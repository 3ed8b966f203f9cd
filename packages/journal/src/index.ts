export { checkAppend, eventBytes } from './checkAppend.ts';
export * from './errors.ts';
export type { EventStoreSettings } from './eventstoredb/settings.ts';
export { firstEventId } from './firstEvent.ts';
export * from './journal.ts';
export * from './location.ts';
export { openSqliteJournal } from './sqlite/journal.ts';
export { openSqliteJournalReader } from './sqlite/reader.ts';
