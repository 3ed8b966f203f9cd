// decideAgain.ts: runs the checks of a recorded decision again, on the replayed state before it.

import {
  type Account,
  type AccountAmount,
  type AccountEvent,
  type AuthorizationApproved,
  type AuthorizationDeclined,
  amountAsked,
  type Conversion,
  type FinancialAuthorizationApproved,
  failingReasons,
  type IncrementApproved,
  type IncrementDeclined,
  type LimitSeen,
  type ReasonCode,
  type Recorded,
} from '@holdfast/domain';
import type { ProgramVersions } from './programVersions.ts';
import type { ProblemKind } from './report.ts';

/** The program as it was at a revision of its stream. */
export type ProgramAt = ProgramVersions['at'];

export type Report = (kind: ProblemKind, what: string) => void;

export type Decision = Recorded<
  AuthorizationApproved | AuthorizationDeclined | IncrementApproved | IncrementDeclined | FinancialAuthorizationApproved
>;

export function isDecision(event: Recorded<AccountEvent>): event is Decision {
  switch (event.type) {
    case 'AuthorizationApproved':
    case 'IncrementApproved':
    case 'FinancialAuthorizationApproved':
    case 'AuthorizationDeclined':
    case 'IncrementDeclined':
      return true;
    default:
      return false;
  }
}

/** What was settled before the checks ran, by what the network had told before; and what asks for no money. */
const BEFORE_THE_CHECKS: readonly ReasonCode[] = [
  'reversed_before_arrival',
  'declined_by_network',
  'original_not_found',
  'currency_differs',
];

/** A request that comes after its own later message: the network has answered for us. */
function joined({ type, data }: Decision): boolean {
  return !type.endsWith('Declined') && data.flags.includes('late');
}

/**
 * Runs the checks on the state before the decision: they must find the same reasons and see the same limits. And what was
 * asked for must come to the same amount by the rates of that moment.
 */
export function decideAgain(account: Account, event: Decision, programAt: ProgramAt, report: Report): void {
  const { data } = event;
  if (joined(event) || data.message.type === 'refund_authorization') return;
  if (BEFORE_THE_CHECKS.some((reason) => data.reasons.includes(reason))) return;
  const input = checkInput(account, event, programAt);
  if (typeof input === 'string') {
    report('other_decision', input);
    return;
  }
  const failing = failingReasons(input.checks);
  if (failing.join() !== data.reasons.join() || !allows(event, failing)) {
    report('other_decision', `${event.type} for ${listed(data.reasons)}; on the state before it: ${listed(failing)}`);
  }
  const { limits } = input.checks;
  if (!sameLimits(limits, data.limits)) {
    report('other_decision', `it saw other limits than were in force: ${shown(data.limits)} for ${shown(limits)}`);
  }
  if (!input.hasRates) return;
  const now = event.metadata.occurredAt;
  const amount = amountAsked(account, data.message, { program: input.checks.program, now }, 'decision');
  if (!sameAmount(data, amount)) {
    const recorded = asked(data.requestedAccountMinor, data.conversion);
    report(
      'other_decision',
      `it was about ${recorded}; by the rates of then: ${asked(amount?.minor, amount?.conversion)}`,
    );
  }
}

/** What the checks were given, or a sentence about what was not there. */
function checkInput(
  account: Account,
  { data, metadata }: Decision,
  programAt: ProgramAt,
): { readonly checks: Parameters<typeof failingReasons>[0]; readonly hasRates: boolean } | string {
  const { cardId } = data.message;
  const card = account.cards.get(cardId);
  if (card === undefined) return 'the account did not have this card';
  const { opened } = account;
  const version = opened === undefined ? undefined : programAt(opened.programId, data.versions.program);
  if (version === undefined) return `the program had no version ${data.versions.program} before this decision`;
  const { transactionId } = data;
  const raised = data.message.type === 'increment' && transactionId !== undefined;
  const transaction = raised ? account.transactions.get(transactionId) : undefined;
  const checks = {
    message: data.message,
    program: version.program,
    account,
    card,
    now: metadata.occurredAt,
    amountMinor: data.requestedAccountMinor,
    limits: [],
    transaction,
  };
  return { checks, hasRates: version.hasRates };
}

/** Whether reasons that fail lead to this outcome. */
function allows({ type, data }: Decision, failing: readonly ReasonCode[]): boolean {
  if (type === 'AuthorizationDeclined' || type === 'IncrementDeclined') return failing.length > 0;
  return failing.length === 0 || (data.responseCode === '10' && failing.join() === 'insufficient_funds');
}

function sameAmount(
  { requestedAccountMinor, conversion }: Decision['data'],
  amount: AccountAmount | undefined,
): boolean {
  const [a, b] = [conversion, amount?.conversion];
  return (
    requestedAccountMinor === amount?.minor &&
    a?.from === b?.from &&
    a?.to === b?.to &&
    a?.rate === b?.rate &&
    a?.inverse === b?.inverse &&
    a?.source === b?.source &&
    a?.validFrom === b?.validFrom &&
    a?.baseMinor === b?.baseMinor &&
    a?.markupBasisPoints === b?.markupBasisPoints &&
    a?.markupMinor === b?.markupMinor
  );
}

/** `4425 in account currency, by EUR/USD 1.09 of ecb and 150 basis points`. */
function asked(minor: bigint | undefined, conversion: Conversion | undefined): string {
  if (minor === undefined) return 'an amount that no rate converts';
  if (conversion === undefined) return `${minor} in account currency`;
  const { from, to, rate, inverse, source, markupBasisPoints } = conversion;
  const pair = inverse === true ? `${to}/${from}` : `${from}/${to}`;
  return `${minor} in account currency, by ${pair} ${rate} of ${source} and ${markupBasisPoints} basis points`;
}

function listed(reasons: readonly string[]): string {
  return reasons.length === 0 ? 'no reason to decline' : reasons.join(', ');
}

function sameLimits(a: readonly LimitSeen[], b: readonly LimitSeen[]): boolean {
  return a.length === b.length && a.every((limit, at) => sameLimit(limit, b[at]));
}

function sameLimit(a: LimitSeen, b: LimitSeen | undefined): boolean {
  return (
    a.limitId === b?.limitId &&
    a.scope === b.scope &&
    a.amountMinor === b.amountMinor &&
    a.spentMinor === b.spentMinor &&
    a.startsAt === b.startsAt &&
    a.endsAt === b.endsAt
  );
}

function shown(limits: readonly LimitSeen[]): string {
  if (limits.length === 0) return 'none';
  return limits.map(({ scope, spentMinor, amountMinor }) => `${scope} ${spentMinor} of ${amountMinor}`).join(', ');
}
