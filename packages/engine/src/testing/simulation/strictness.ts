// strictness.ts: a control is in force once its call has returned: what is sent later stands after it in the log.

import type { CommandId } from '@holdfast/domain';
import { accountIdOfStream } from '@holdfast/events';
import type { Calling, Clients } from './clients.ts';
import type { LogView, Seen } from './logView.ts';

const CONTROLS = new Set(['pauseCard', 'closeCard', 'closeAccount', 'setCardControls', 'setAccountControls']);

/**
 * With `overspent`, which holds every approval against the controls that stand before it in its stream, this is the
 * promise: no approval of what was first sent after the call had returned stands before the control.
 */
export function notInForce(view: LogView, { sendings, callings }: Clients): string[] {
  const firstSent = new Map<CommandId, number>();
  for (const { letter, sent } of sendings) {
    const known = firstSent.get(letter.commandId);
    if (known === undefined || sent < known) firstSent.set(letter.commandId, sent);
  }
  const controls = callings.flatMap((calling) => inForce(view, calling));
  const found: string[] = [];
  for (const approval of view.seen) {
    if (approval.event.type !== 'AuthorizationApproved') continue;
    const sent = firstSent.get(approval.event.metadata.commandId);
    for (const { control, since } of controls) {
      if (sent === undefined || sent < since || control.stream !== approval.stream) continue;
      if (approval.event.revision < control.event.revision) {
        found.push(`the approval at ${approval.event.revision} was sent after ${control.event.type} had returned`);
      }
    }
  }
  return found;
}

function inForce(
  view: LogView,
  { call, told }: Calling,
): readonly { readonly control: Seen; readonly since: number }[] {
  if (!CONTROLS.has(call.command.type) || told?.outcome.done !== true) return [];
  const { commandId } = told.outcome.event.metadata;
  const control = view.ofCommand(commandId).find(({ stream }) => accountIdOfStream(stream) !== undefined);
  return control === undefined ? [] : [{ control, since: told.at }];
}
