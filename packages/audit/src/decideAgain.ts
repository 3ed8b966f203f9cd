// decideAgain.ts: runs the checks of a recorded decision again, on the replayed state before it.

import {
  type Account,
  type AuthorizationApproved,
  type AuthorizationDeclined,
  failingReasons,
  type LimitSeen,
  type Program,
  type ProgramId,
  type ReasonCode,
  type Recorded,
} from '@holdfast/domain';
import type { ProblemKind } from './report.ts';

/** The program as it was at a revision of its stream. */
export type ProgramAt = (programId: ProgramId, revision: number) => Program | undefined;

export type Report = (kind: ProblemKind, what: string) => void;

type Decision = Recorded<AuthorizationApproved> | Recorded<AuthorizationDeclined>;

/** An authorization that comes after its own clearing: the network has answered for us. */
function joined({ data }: Recorded<AuthorizationApproved>): boolean {
  return data.flags.includes('late');
}

/** Runs the checks on the state before the decision: they must find the same reasons and see the same limits. */
export function decideAgain(account: Account, event: Decision, programAt: ProgramAt, report: Report): void {
  const { data } = event;
  if (event.type === 'AuthorizationApproved' && joined(event)) return;
  // Declined before the checks ran: its reversal was here first.
  if (data.reasons.includes('reversed_before_arrival')) return;
  const limits: LimitSeen[] = [];
  const input = checkInput(account, event, programAt, limits);
  if (typeof input === 'string') {
    report('other_decision', input);
    return;
  }
  const failing = failingReasons(input);
  if (failing.join() !== data.reasons.join() || !allows(event, failing)) {
    report('other_decision', `${event.type} for ${listed(data.reasons)}; on the state before it: ${listed(failing)}`);
  }
  if (!sameLimits(limits, data.limits)) {
    report('other_decision', `it saw other limits than were in force: ${shown(data.limits)} for ${shown(limits)}`);
  }
}

/** What the checks were given, or a sentence about what was not there. */
function checkInput(
  account: Account,
  { data, metadata }: Decision,
  programAt: ProgramAt,
  limits: LimitSeen[],
): Parameters<typeof failingReasons>[0] | string {
  const { cardId, amountMinor, merchant } = data.message;
  const card = account.cards.get(cardId);
  if (card === undefined) return 'the account did not have this card';
  const { opened } = account;
  const program = opened === undefined ? undefined : programAt(opened.programId, data.versions.program);
  if (program === undefined) return `the program had no version ${data.versions.program} before this decision`;
  if (amountMinor === undefined || merchant === undefined) return 'it has no amount or no merchant';
  return {
    message: { ...data.message, type: 'authorization', amountMinor, merchant },
    program,
    account,
    card,
    now: metadata.occurredAt,
    amountMinor: data.requestedAccountMinor,
    limits,
  };
}

/** Whether reasons that fail lead to this outcome. */
function allows({ type, data }: Decision, failing: readonly ReasonCode[]): boolean {
  if (type === 'AuthorizationDeclined') return failing.length > 0;
  return failing.length === 0 || (data.responseCode === '10' && failing.join() === 'insufficient_funds');
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
