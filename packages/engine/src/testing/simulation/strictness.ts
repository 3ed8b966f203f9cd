// strictness.ts: a control is in force once its call has returned: what is sent later is decided by it, on any engine.

import type { CommandId, Recorded } from '@holdfast/domain';
import { accountIdOfStream, STREAM_PREFIXES } from '@holdfast/events';
import type { Calling, Clients } from './clients.ts';
import type { LogView, Seen } from './logView.ts';

const OF_ACCOUNT = new Set(['pauseCard', 'closeCard', 'closeAccount', 'setCardControls', 'setAccountControls']);
const OF_PROGRAM = new Set(['pauseProgram', 'resumeProgram']);

type InForce = { readonly control: Seen; readonly since: number };

/**
 * With `overspent`, which holds every approval against the controls that stand before it in its stream, this is the
 * promise: no approval of what was first sent after the call had returned stands before the control. A program has a
 * stream of its own: there an approval names the version that it was decided by, which must be active and not older.
 */
export function notInForce(view: LogView, { sendings, callings }: Clients): string[] {
  const firstSent = new Map<CommandId, number>();
  for (const { letter, sent } of sendings) {
    const known = firstSent.get(letter.commandId);
    if (known === undefined || sent < known) firstSent.set(letter.commandId, sent);
  }
  const ofAccount = callings.flatMap((calling) => inForce(view, calling, OF_ACCOUNT));
  const ofProgram = callings.flatMap((calling) => inForce(view, calling, OF_PROGRAM));
  const versions = view.seen.filter(({ stream }) => stream.startsWith(STREAM_PREFIXES.program));
  const found: string[] = [];
  for (const { event, stream } of view.seen) {
    if (event.type !== 'AuthorizationApproved') continue;
    const sent = firstSent.get(event.metadata.commandId) ?? -1;
    const what = `the approval at ${event.revision}, sent at ${sent},`;
    for (const { control, since } of ofAccount) {
      if (sent < since || control.stream !== stream) continue;
      if (event.revision < control.event.revision) found.push(`${what} stands before ${after(control, since)}`);
    }
    const version = event.data.versions.program;
    for (const { control, since } of ofProgram) {
      if (sent >= since && version < control.event.revision)
        found.push(`${what} was decided without ${after(control, since)}`);
    }
    // One whose clearing came first is a fact by then.
    const fact = event.data.flags.includes('late');
    if (!fact && versions[version]?.event.type === 'ProgramPaused')
      found.push(`${what} was decided by a paused program`);
  }
  return found;
}

function after({ event: { type } }: { readonly event: Recorded }, since: number): string {
  return `${type}, which had returned at ${since}`;
}

function inForce(view: LogView, { call, told }: Calling, which: ReadonlySet<string>): readonly InForce[] {
  if (!which.has(call.command.type) || told?.outcome.done !== true) return [];
  const { commandId } = told.outcome.event.metadata;
  const control = view
    .ofCommand(commandId)
    .find(({ stream }) => accountIdOfStream(stream) !== undefined || stream.startsWith(STREAM_PREFIXES.program));
  return control === undefined ? [] : [{ control, since: told.at }];
}
