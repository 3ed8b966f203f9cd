// commonTexts.ts: texts that many say and few different ones do stay in memory once, not with each who says them.

import type { NetworkMessage } from '@holdfast/domain';

const known = new Map<string, string>();
/** Then it begins anew: more different ones are not common. */
const MOST = 10_000;

/** The same text, as whoever said it first has it. */
export function common(text: string): string {
  const first = known.get(text);
  if (first !== undefined) return first;
  if (known.size >= MOST) known.clear();
  known.set(text, text);
  return text;
}

type Writable = { -readonly [Field in keyof NetworkMessage]: NetworkMessage[Field] };

/**
 * In place, of a message that nobody else has: as it comes from the log, or from another thread, each of its texts is one
 * of its own. What is remembered of a message keeps these.
 */
export function shareCommonTexts(message: NetworkMessage): void {
  const own: Writable = message;
  own.type = common(own.type) as NetworkMessage['type'];
  own.network = common(own.network);
  own.currency = common(own.currency) as NetworkMessage['currency'];
  if (own.acquirerId !== undefined) own.acquirerId = common(own.acquirerId);
}
