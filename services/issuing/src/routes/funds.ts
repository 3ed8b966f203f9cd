// funds.ts: money in and out of an account without a card: deposits, withdrawals, corrections, and the credit line.

import { CORRECTION_AGAINST } from '@holdfast/domain';
import { correctionId, depositId, withdrawalId } from '@holdfast/events';
import { parseFields, type Server } from '@holdfast/http';
import { z } from 'zod';
import type { IssuingOptions } from '../issuingRoutes.ts';
import { correctionJson, creditLineJson, depositJson, withdrawalJson } from '../outcomes.ts';
import { amount, creditLine, currency, id, note } from '../schemas.ts';
import { answerWrite, commandContext, execute } from '../writes.ts';

const params = z.object({ id: id('acct') });
const sumBody = z.strictObject({ amount, currency, reference: note.optional() });
const correctionBody = z.strictObject({
  direction: z.enum(['credit', 'debit']),
  amount,
  currency,
  against: z.enum(CORRECTION_AGAINST),
  reason: note,
  reference: note.optional(),
});
const creditLineBody = z.strictObject({ credit_line: creditLine });

export function fundsRoutes(app: Server, { engine }: IssuingOptions): void {
  const write = { config: { roles: ['admin', 'issuer'] } } as const;

  app.post('/v1/accounts/:id/deposits', write, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    const context = commandContext(request, { path: `/v1/accounts/${id}/deposits` });
    const sum = toSum(parseFields(sumBody, request.body));
    const command = { type: 'deposit', accountId: id, depositId: depositId(context.commandId), ...sum } as const;
    const done = await execute(engine, command, context);
    return answerWrite(reply, 201, done, depositJson(done, id));
  });

  app.post('/v1/accounts/:id/withdrawals', write, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    const context = commandContext(request, { path: `/v1/accounts/${id}/withdrawals` });
    const sum = toSum(parseFields(sumBody, request.body));
    const command = { type: 'withdraw', accountId: id, withdrawalId: withdrawalId(context.commandId), ...sum } as const;
    const done = await execute(engine, command, context);
    return answerWrite(reply, 201, done, withdrawalJson(done, id));
  });

  app.put('/v1/accounts/:id/credit-line', write, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    const context = commandContext(request, { path: `/v1/accounts/${id}/credit-line` });
    const body = parseFields(creditLineBody, request.body);
    const command = { type: 'setCreditLine', accountId: id, creditLineMinor: BigInt(body.credit_line) } as const;
    const done = await execute(engine, command, context);
    return answerWrite(reply, 200, done, creditLineJson(done, id));
  });

  const correct = { config: { roles: ['admin', 'accountant'] } } as const;

  app.post('/v1/accounts/:id/corrections', correct, async (request, reply) => {
    const { id } = parseFields(params, request.params);
    const context = commandContext(request, { path: `/v1/accounts/${id}/corrections` });
    const { direction, against, reason, ...body } = parseFields(correctionBody, request.body);
    const facts = { correctionId: correctionId(context.commandId), direction, against, reason };
    const done = await execute(engine, { type: 'correct', accountId: id, ...facts, ...toSum(body) }, context);
    return answerWrite(reply, 201, done, correctionJson(done, id));
  });
}

function toSum({ amount, currency, reference }: z.output<typeof sumBody>) {
  return { amountMinor: BigInt(amount), currency, ...(reference === undefined ? {} : { reference }) };
}
