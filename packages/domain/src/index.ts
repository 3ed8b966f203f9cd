export * from './accounts/account.ts';
export * from './accounts/decide.ts';
export * from './accounts/decideTransfer.ts';
export * from './accounts/evolve.ts';
export * from './accounts/funds.ts';
export * from './accounts/messageIndex.ts';
export * from './accounts/overdraft.ts';
export * from './accounts/records.ts';
export * from './accounts/resolveSuspense.ts';
export {
  TRANSFER_REFUSALS,
  type Transfer,
  type TransferRefusal,
} from './accounts/transfer.ts';
export { type AccountAmount, suspend } from './authorization/amounts.ts';
export * from './authorization/answer.ts';
export { amountAsked } from './authorization/asked.ts';
export { chargesOf } from './authorization/charges.ts';
export { failingReasons } from './authorization/checks/checks.ts';
export * from './authorization/context.ts';
export * from './authorization/decide.ts';
export * from './authorization/message.ts';
export * from './authorization/reasons.ts';
export * from './authorization/references.ts';
export * from './authorization/timers.ts';
export * from './authorization/totals.ts';
export * from './authorization/transaction.ts';
export * from './authorizers/authorizer.ts';
export * from './cards/card.ts';
export * from './clearingFiles/clearingFile.ts';
export * from './clearingFiles/recordOutcome.ts';
export * from './clearingFiles/report.ts';
export * from './controls/limit.ts';
export * from './controls/spending.ts';
export * from './events.ts';
export * from './ids.ts';
export * from './invariant.ts';
export * from './invariants.ts';
export * from './ledger/chart.ts';
export * from './ledger/entry.ts';
export * from './ledger/suspense.ts';
export * from './programs/conversion.ts';
export * from './programs/holdExpiry.ts';
export * from './programs/program.ts';
export * from './programs/rates.ts';
export * from './time.ts';
export * from './unmatched/assignSuspense.ts';
