// transaction.ts: the life of one transaction.

export const TRANSACTION_STATUSES = [
  'pending',
  'partially_settled',
  'settled',
  'voided',
  'expired',
  'declined',
] as const;

export type TransactionStatus = (typeof TRANSACTION_STATUSES)[number];
