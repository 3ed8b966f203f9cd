// index.ts: given / when / then on an account's events. Test support: not for services.

export { type Amount, amountOf, minor } from './amounts.ts';
export { given, type Outcome, type Step, type When } from './given.ts';
export {
  authorizationMessage,
  cardNamed,
  clearingMessage,
  contentOf,
  EUR,
  identityOf,
  reversalMessage,
  type Said,
  type Usual,
} from './messages.ts';
export {
  type Allows,
  account,
  accountClosed,
  accountControls,
  at,
  type CardSaid,
  card,
  cardClosed,
  cardControls,
  cardPaused,
  cardResumed,
  controlsOf,
  correction,
  creditLine,
  deposit,
  later,
  programPaused,
  withdrawal,
} from './setting.ts';
export { type Done, deepFreeze, manage, newStory, record, START, type Story, send, time } from './story.ts';
export {
  authorization,
  clearing,
  expiry,
  lateRelease,
  purchase,
  reversal,
  reversalAdvice,
  type Sent,
} from './traffic.ts';
