// answers.ts: what the log says that a message must be answered.

import { isDeepStrictEqual } from 'node:util';
import {
  type AccountEvent,
  type Answer,
  answerOf,
  conflictId,
  isOverdraft,
  isUnparked,
  type UnmatchedEvent,
} from '@holdfast/domain';
import type { Letter } from './letters.ts';
import type { LogView, Seen } from './logView.ts';

/** The events that stand for a message of this family, by where they are: each place must have at most one. */
export function effectsOf(view: LogView, family: readonly Letter[]): { account: Seen[]; unmatched: Seen[] } {
  const account: Seen[] = [];
  const unmatched: Seen[] = [];
  for (const commandId of new Set(family.map((letter) => letter.commandId))) {
    for (const seen of view.ofCommand(commandId)) {
      const { event, stream } = seen;
      if (event.type === 'MessageConflicted' || isOverdraft(event) || isUnparked(asAccountEvent(seen))) continue;
      (stream.startsWith('unmatched-') ? unmatched : account).push({ ...seen, event });
    }
  }
  return { account, unmatched };
}

/** The answer of the event that stands for `letter` in one place: of its family's effect, or of a conflict with it. */
export function answerIn(view: LogView, letter: Letter, [effect]: readonly Seen[]): Answer | undefined {
  if (effect === undefined) return undefined;
  if (effect.event.metadata.contentHash === letter.contentHash) return answerTo(effect);
  // A conflict with a fact that the card carries is recorded by the account, the fact is not.
  const conflicts = view.ofCommand(conflictId(letter.commandId, letter.contentHash));
  const conflict = conflicts.find(({ stream }) => stream === effect.stream) ?? conflicts[0];
  return conflict === undefined ? undefined : answerTo(conflict);
}

export function answerTo(seen: Seen): Answer | undefined {
  return answerOf(asAccountEvent(seen));
}

/** The events that these functions are given come from accounts and unmatched streams. */
function asAccountEvent({ event }: Seen): AccountEvent {
  return event as AccountEvent | UnmatchedEvent as AccountEvent;
}

export function same(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b);
}

export function text(value: unknown): string {
  return JSON.stringify(value, (_key, field) => (typeof field === 'bigint' ? `${field}` : field)) ?? 'nothing';
}
