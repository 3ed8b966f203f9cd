export { checkAppend, eventBytes } from './checkAppend.ts';
export * from './errors.ts';
export * from './journal.ts';
export { openSqliteJournal } from './sqlite/journal.ts';
export { openSqliteJournalReader } from './sqlite/reader.ts';
