// bareRoute.ts: the floor of every HTTP figure: Fastify, its own JSON parser, and a route that answers a constant.

import { answerJsonSchema } from '@holdfast/authorizer-service';
import { type FastifyInstance, fastify } from 'fastify';
import { serve } from '../support/parent.ts';

export const PATH = '/v1/network/messages';

/** As long as what an approval is answered with. */
const ANSWER = {
  decision: 'approved',
  response_code: '00',
  approved_amount: 4_000,
  billing_amount: 4_000,
  currency: 'EUR',
  authorization_code: 'A1B2C3',
  transaction_id: 'txn_01h2xcejqtf2nbrexx3vqjhp41',
  reasons: [],
  flags: [],
  position: '123456',
};

/** Resolves with the port. */
export async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return address.port;
}

if (process.argv[1] === import.meta.filename) {
  await serve(async () => {
    const app = fastify();
    app.post(PATH, { schema: { response: { 200: answerJsonSchema } } }, async () => ANSWER);
    return { ready: { port: await listen(app) }, stop: () => app.close() };
  });
}
