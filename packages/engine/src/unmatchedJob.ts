// unmatchedJob.ts: a message for a card that nobody knows: recorded, so that no fact is lost and nothing happens twice.

import {
  type Answer,
  answerOf,
  commandKey,
  conflictId,
  type DecidableMessage,
  InvariantBroken,
  isRequest,
  type Recorded,
  reasons,
  suspend,
  type UnmatchedEvent,
} from '@holdfast/domain';
import type { Position } from '@holdfast/journal';
import type { Decided, Job } from './aggregate.ts';
import type { MessageSubmission } from './engine.ts';
import type { Unmatched } from './unmatchedAggregate.ts';

export function unmatchedJob(
  { message, commandId, contentHash, correlationId, actor }: MessageSubmission,
  resolve: (answer: Answer, position: Position) => void,
  reject: (error: Error) => void,
): Job<Unmatched, UnmatchedEvent> {
  const conflict = conflictId(commandId, contentHash);
  let before: Answer | undefined;
  return {
    needs: () => [commandKey(commandId), commandKey(conflict)],
    decide: ({ commands }): Decided<UnmatchedEvent> => {
      before = undefined;
      const known = commands.get(commandId);
      if (known === undefined)
        return { append: [record(message)], metadata: { commandId, contentHash, correlationId, actor } };
      const same = known.contentHash === contentHash ? known : commands.get(conflict);
      if (same?.answer !== undefined) {
        before = same.answer;
        return { restsOn: same.revision };
      }
      const event: UnmatchedEvent = { type: 'MessageConflicted', data: { message, conflictsWith: commandId } };
      return { append: [event], metadata: { commandId: conflict, contentHash, correlationId, actor } };
    },
    done: (recorded: readonly Recorded<UnmatchedEvent>[], position) => {
      const [first] = recorded;
      const answer = before ?? (first === undefined ? undefined : answerOf(first));
      if (answer === undefined) reject(new InvariantBroken('an unmatched message without an answer'));
      else resolve(answer, position);
    },
    failed: reject,
  };
}

/** What is asked is declined; what the network says has happened is accepted, and its money goes against suspense. */
function record(message: DecidableMessage): UnmatchedEvent {
  const { responseCode } = reasons.card_not_found;
  const fact = !isRequest(message.type);
  return {
    type: 'UnmatchedMessageRecorded',
    data: {
      message,
      decision: fact ? 'accepted' : 'declined',
      responseCode: fact ? '00' : responseCode,
      reason: 'card_not_found',
      entry: suspend(message),
    },
  };
}
