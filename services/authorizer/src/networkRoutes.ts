// networkRoutes.ts: POST /v1/network/messages: a network asks or tells, the engine decides, then it is answered.

import type { Instant } from '@holdfast/domain';
import type { Engine } from '@holdfast/engine';
import { contentHashOfMessage, identityOf, toNetworkMessage } from '@holdfast/events';
import type { Server } from '@holdfast/http';
import type { Vault } from '@holdfast/vault';
import { answerJson, answerJsonSchema } from './answerJson.ts';
import { cardIdOf } from './cardIdOf.ts';
import { checkedMessage } from './messageCheck.ts';
import { deadlineOf, undecided } from './undecided.ts';

export type NetworkRoutesOptions = {
  readonly engine: Pick<Engine, 'submit'>;
  readonly vault: Pick<Vault, 'fingerprint'>;
  readonly clock: { now(): Instant };
};

/** The plugin. It expects a server of `@holdfast/http`, which knows the caller before a body is read. */
export function networkRoutes({ engine, vault, clock }: NetworkRoutesOptions) {
  return async (app: Server): Promise<void> => {
    app.post(
      '/v1/network/messages',
      { config: { roles: ['network'] }, schema: { response: { 200: answerJsonSchema } } },
      async (request, reply) => {
        const receivedAt = clock.now();
        const wire = checkedMessage(request.body);
        const sender = request.caller?.apiKeyId ?? '';
        const message = toNetworkMessage(wire, cardIdOf(wire, vault));
        const answered = await engine
          .submit({
            message,
            commandId: identityOf(message, sender).commandId,
            contentHash: contentHashOfMessage(message),
            answerBy: deadlineOf(wire, receivedAt),
            actor: sender,
            correlationId: request.id,
          })
          .catch((error: unknown) => {
            throw undecided(error);
          });
        reply.header('holdfast-position', answered.position.toString());
        return answerJson(answered);
      },
    );
  };
}
