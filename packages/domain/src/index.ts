export * from './authorization/answer.ts';
export * from './authorization/message.ts';
export * from './authorization/reasons.ts';
export { TRANSACTION_STATUSES, type TransactionStatus } from './authorization/transaction.ts';
export * from './controls/limit.ts';
export * from './events.ts';
export * from './ids.ts';
export * from './ledger/entry.ts';
export * from './time.ts';
