// card.ts: the stored form of a card's claim (its own stream) and of a card's life (its account's stream).

import { z } from 'zod';
import { controls } from './controls.ts';
import { accountId, cardId, expiry, hash22, MAX_LIST_LENGTH, programId, text } from './fields.ts';

const stateChanged = z.strictObject({ cardId, reason: text.exactOptional() });
const carried = z.strictObject({ commandId: hash22, contentHash: hash22, recordedIn: text });

export const cardEvents = {
  CardNumberClaimed: z.strictObject({ cardId, accountId, programId, fingerprintKeyId: text }),
  CardIssued: z.strictObject({
    cardId,
    kind: z.literal('virtual'),
    bin: z.string().regex(/^[0-9]{6,8}$/),
    last4: z.string().regex(/^[0-9]{4}$/),
    expiry,
    fingerprintKeyId: text,
    label: text.exactOptional(),
    carried: z.array(carried).max(MAX_LIST_LENGTH),
  }),
  CardPaused: stateChanged,
  CardResumed: stateChanged,
  CardClosed: stateChanged,
  CardControlsSet: z.strictObject({ cardId, controls }),
};
