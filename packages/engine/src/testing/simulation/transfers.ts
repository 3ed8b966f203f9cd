// transfers.ts: every transfer is sent once, received or refused once, and then completed or returned; and no money is on its way
// when all of them are over.

import { signedMinor, type TransferId } from '@holdfast/domain';
import type { Clients } from './clients.ts';
import type { LogView } from './logView.ts';

const WHOLE: ReadonlySet<string> = new Set([
  'TransferSent TransferReceived TransferCompleted',
  'TransferSent TransferRefused TransferReturned',
]);

export function wrongTransfers({ seen }: LogView, { callings }: Clients): string[] {
  const found: string[] = [];
  const steps = new Map<TransferId, { types: string; readonly amountMinor: bigint }>();
  let inTransitMinor = 0n;
  for (const { event } of seen) {
    if ('entry' in event.data) {
      for (const leg of event.data.entry) if (leg.account === 'in_transit') inTransitMinor += signedMinor(leg);
    }
    if (!('transferId' in event.data)) continue;
    const { transferId, ...data } = event.data;
    const amountMinor = 'amountMinor' in data ? data.amountMinor : undefined;
    const before = steps.get(transferId);
    if (before === undefined) {
      steps.set(transferId, { types: event.type, amountMinor: amountMinor ?? 0n });
      continue;
    }
    before.types += ` ${event.type}`;
    if (amountMinor !== undefined && amountMinor !== before.amountMinor)
      found.push(`${event.type} of ${amountMinor}, ${before.amountMinor} were sent`);
  }
  for (const [id, { types }] of steps) if (!WHOLE.has(types)) found.push(`${id}: ${types}`);
  if (inTransitMinor !== 0n) found.push(`${inTransitMinor} in transit at the end`);
  for (const { call, told } of callings) {
    if (call.command.type !== 'transfer' || told?.outcome.done !== true) continue;
    const types = steps.get(call.command.transferId)?.types;
    const says = told.outcome.transfer?.status === 'received' ? 'TransferReceived' : 'TransferRefused';
    if (types?.includes(says) !== true) found.push(`${call.key} was told of ${says}, the log says ${types}`);
  }
  return found;
}
