// complaints.ts: what is wrong with what clients were told, held against the log.

import { isOverdraft } from '@holdfast/domain';
import { accountIdOfStream } from '@holdfast/events';
import { answerIn, effectsOf, same, text } from './answers.ts';
import type { Calling, Clients, Sending } from './clients.ts';
import type { Letter } from './letters.ts';
import type { LogView } from './logView.ts';

/** Nothing may be answered that is not in the log yet, or otherwise than the log has it. */
export function untrue(view: LogView, { letter, told }: Sending, letters: readonly Letter[]): string[] {
  if (told === undefined || told.answer.reason === 'answered_late') return [];
  const { account, unmatched } = effectsOf(view, familyOf(letter, letters));
  const true_ = [answerIn(view, letter, account), answerIn(view, letter, unmatched)];
  if (true_.some((answer) => answer !== undefined && same(answer, told.answer))) {
    const head = view.seen.at(-1)?.position ?? 0n;
    return told.position <= head ? [] : [`told of position ${told.position}, the log ends at ${head}`];
  }
  return [`${letter.commandId} was told ${text(told.answer)}, the log says ${text(true_)}`];
}

/** After the end, each engine must say exactly what the log says; 91 where a late approval was released. */
export function untrueAtLast(
  view: LogView,
  sent: readonly Sending[],
  called: readonly Calling[],
  at: number,
): string[] {
  const found: string[] = [];
  const letters = sent.map(({ letter }) => letter);
  for (const { letter, told, failed } of sent) {
    if (told === undefined) {
      found.push(`engine ${at} does not answer ${letter.commandId}: ${failed}`);
      continue;
    }
    const { account, unmatched } = effectsOf(view, familyOf(letter, letters));
    const answer = answerIn(view, letter, account.length > 0 ? account : unmatched);
    const approved = answer?.decision === 'approved' || answer?.decision === 'partially_approved';
    const late = approved && wasReleasedLate(view, answer.transactionId);
    const right = late ? told.answer.reason === 'answered_late' : same(told.answer, answer);
    if (!right) {
      const expected = late ? '91' : text(answer);
      found.push(`engine ${at} answers ${letter.commandId} ${text(told.answer)}, the log says ${expected}`);
    }
  }
  for (const { call, told, failed } of called) {
    if (told === undefined) found.push(`engine ${at} does not answer ${call.key}: ${failed}`);
  }
  return found;
}

export function wasReleasedLate(view: LogView, transactionId: string | undefined): boolean {
  if (transactionId === undefined) return false;
  for (const { account } of view.accounts.values()) {
    for (const transaction of account.transactions.values()) {
      if (transaction.transactionId === transactionId) return transaction.releasedLate.length > 0;
    }
  }
  return false;
}

/** Whoever was told of an approval can rely on it: it is not released as one that nobody heard of. */
export function takenBack(view: LogView, { sendings }: Clients): string[] {
  return sendings.flatMap(({ letter, told }) => {
    const approved = told?.answer.decision === 'approved' || told?.answer.decision === 'partially_approved';
    return approved && wasReleasedLate(view, told.answer.transactionId)
      ? [`${letter.commandId} was told of an approval that was released as late`]
      : [];
  });
}

/** While no process has died, what an approval holds that nobody was told of is released. */
export function leaked(view: LogView, sendings: readonly Sending[]): string[] {
  const heard = new Set(sendings.map(({ told }) => told?.answer.transactionId).filter((id) => id !== undefined));
  const approved = new Set(
    sendings
      .filter(({ told }) => told !== undefined && told.answer.approvedMinor !== undefined)
      .map(({ told }) => told?.answer.transactionId),
  );
  const found: string[] = [];
  for (const { account } of view.accounts.values()) {
    for (const { transactionId, releasable, heldMinor } of account.transactions.values()) {
      if (releasable === undefined || heldMinor === 0n || approved.has(transactionId)) continue;
      found.push(`${transactionId} holds ${heldMinor}, nobody was told${heard.has(transactionId) ? ' but of 91' : ''}`);
    }
  }
  return found;
}

/** Each message and each call has its effect once. */
export function notOnce(view: LogView, letters: readonly Letter[], clients: Clients): string[] {
  const found: string[] = [];
  for (const family of new Set(letters.map((letter) => letter.family))) {
    const members = letters.filter((letter) => letter.family === family);
    const { account, unmatched } = effectsOf(view, members);
    const facts = members.some(({ message }) => message.type === 'clearing' || message.type === 'reversal_advice');
    const effects = facts ? account.length + unmatched.length : Math.max(account.length, unmatched.length);
    if (effects !== 1) found.push(`${members[0]?.commandId} has ${effects} effects`);
  }
  const calls = new Map<string, unknown>();
  for (const { call, told } of clients.callings) {
    if (told === undefined || !told.outcome.done) continue;
    const { event } = told.outcome;
    const before = calls.get(call.key);
    if (before === undefined) calls.set(call.key, event);
    else if (!same(before, event)) found.push(`${call.key} was told ${text(before)}, and ${text(event)}`);
    const effects = view
      .ofCommand(event.metadata.commandId)
      .filter(({ event }) => !isOverdraft(event))
      .filter(
        ({ stream }) =>
          accountIdOfStream(stream) !== undefined || stream.startsWith('program-') || stream.startsWith('unmatched-'),
      );
    if (effects.length !== 1) found.push(`${call.key} has ${effects.length} effects`);
  }
  return found;
}

function familyOf({ family }: Letter, letters: readonly Letter[]): readonly Letter[] {
  return letters.filter((letter) => letter.family === family);
}
