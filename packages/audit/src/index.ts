export { CannotVerify, NoRoomToVerify } from './errors.ts';
export { eventLine, type LineStyle } from './eventLine.ts';
export {
  type CurrencyTrialBalance,
  type LogReport,
  PROBLEMS,
  type Problem,
  type ProblemKind,
  type Progress,
  type TrialBalanceLine,
} from './report.ts';
export { type VerifyOptions, verifyLog } from './verifyLog.ts';
export { MOST_THREADS, verifyLogAt } from './verifyThreads.ts';
