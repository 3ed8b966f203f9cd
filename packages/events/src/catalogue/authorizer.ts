// authorizer.ts: the stored form of the events of an authorizer's stream.

import { AUTHORIZER_NAME } from '@holdfast/domain';
import { z } from 'zod';
import { text } from './fields.ts';

const name = z.string().regex(AUTHORIZER_NAME);
const instance = z.uuid();

export const authorizerEvents = {
  AuthorizerStarted: z.strictObject({ name, instance }),
  ChangeConfirmed: z.strictObject({ name, instance, stream: text, revision: z.int().min(0) }),
  AuthorizerStopped: z.strictObject({ name, instance }),
  AuthorizerRetired: z.strictObject({ name }),
};
