// sampleEvent.ts: an approval as the domain writes it: about 1.3 kB with its metadata.

import type { AuthorizationApproved, EventMetadata, LimitId } from '@holdfast/domain';
import { commandIdOf, contentHashOf, transactionId } from '@holdfast/events';
import { authorizationMessage } from '../support/submissions.ts';
import { cardAt, DAILY_LIMIT_MINOR, EUR, PROGRAM } from '../support/world.ts';

const { cardId } = cardAt(0);
const AT = Date.parse('2026-03-01T12:00:00.000Z');
let made = 0;

export function approvedEvent(unique: string): {
  readonly event: AuthorizationApproved;
  readonly metadata: EventMetadata;
} {
  const commandId = commandIdOf(unique);
  const balances = { availableMinor: 899_999_996_000n, heldMinor: 4_000n };
  return {
    event: {
      type: 'AuthorizationApproved',
      data: {
        transactionId: transactionId(commandId),
        message: authorizationMessage(cardId, made++, AT),
        responseCode: '00',
        authorizationCode: 'A1B2C3',
        reasons: [],
        flags: [],
        requestedAccountMinor: 4_000n,
        approvedMinor: 4_000n,
        approvedAccountMinor: 4_000n,
        heldMinor: 4_000n,
        answerBy: '2026-03-01T12:00:05.000Z',
        expiresAt: '2026-03-08T12:00:00.000Z',
        spending: [{ at: '2026-03-01T12:00:00.000Z', amountMinor: 4_000n }],
        limits: [
          {
            limitId: 'lim_01h2xcejqtf2nbrexx3vqjhp41' as LimitId,
            scope: 'card',
            amountMinor: DAILY_LIMIT_MINOR,
            spentMinor: 40_000n,
            startsAt: '2026-02-28T23:00:00.000Z',
            endsAt: '2026-03-01T23:00:00.000Z',
          },
        ],
        versions: { program: 0 },
        entry: [
          { account: 'available', currency: EUR, debitMinor: 4_000n },
          { account: 'held', currency: EUR, creditMinor: 4_000n },
        ],
        balances,
      },
    },
    metadata: {
      occurredAt: AT,
      commandId,
      contentHash: contentHashOf(unique),
      correlationId: `bench-${made}`,
      actor: 'key_01h2xcejqtf2nbrexx3vqjhp41',
      programId: PROGRAM,
    },
  };
}
