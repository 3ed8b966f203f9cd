// strictness.ts: no authorization is approved that was sent after a control had returned, unless it was decided by it.

import type { DomainEvent, Recorded } from '@holdfast/domain';
import type { LogContents } from '../crash/checks.ts';
import type { Operation } from '../crash/operation.ts';

type Approved = Extract<Recorded<DomainEvent>, { readonly type: 'AuthorizationApproved' }>;

/**
 * An account's stream orders the authorizations and the controls of its cards; the version of the program is in each
 * decision. That a decision is right where it stands is what `holdfast verify` has checked.
 */
export function notStrict(operations: readonly Operation[], { byCommand }: LogContents): string[] {
  const approvals = operations.flatMap((operation) => {
    const [event] = byCommand.get(operation.commandId) ?? [];
    return event?.type === 'AuthorizationApproved' ? [{ operation, event }] : [];
  });
  const controls = operations.filter(({ kind }) => kind !== 'authorization' && kind !== 'reversal');
  return controls.flatMap((control) => {
    const [event] = byCommand.get(control.commandId) ?? [];
    const { answeredAt } = control;
    if (answeredAt === undefined || event === undefined) return [];
    return approvals
      .filter(({ operation: { sentAt = 0 } }) => sentAt > answeredAt)
      .filter(({ event: approval }) => wasDecidedWithout(approval, event))
      .map(
        ({ event: approval }) =>
          `${approval.data.transactionId} was approved without ${event.type}, which had returned`,
      );
  });
}

function wasDecidedWithout(approval: Approved, control: Recorded<DomainEvent>): boolean {
  switch (control.type) {
    case 'ProgramPaused':
    case 'ProgramResumed':
      return approval.data.versions.program < control.revision;
    case 'CardPaused':
    case 'CardResumed':
    case 'CardControlsSet':
      return control.data.cardId === approval.data.message.cardId && approval.revision < control.revision;
    default:
      return false;
  }
}
