// inquiry.ts: a balance inquiry or an account verification: a decision without money.

import { type Account, spendableMinor } from '../accounts/account.ts';
import type { AccountEvent } from '../events.ts';
import { toIso } from '../time.ts';
import { cardOf } from './asked.ts';
import { failingReasons } from './checks/checks.ts';
import type { MessageContext } from './context.ts';
import type { InquiryMessage } from './message.ts';
import { reasons } from './reasons.ts';

export function decideInquiry(
  account: Account,
  message: InquiryMessage,
  { program, now, answerBy }: MessageContext,
): readonly AccountEvent[] {
  const card = cardOf(account, message);
  const failing = failingReasons({
    ...{ message, program, account, card, now, amountMinor: 0n, limits: [] },
    transaction: undefined,
  });
  const [reason] = failing;
  return [
    {
      type: 'InquiryAnswered',
      data: {
        message,
        responseCode: reason === undefined ? '00' : reasons[reason].responseCode,
        ...(reason === undefined ? {} : { reason }),
        reasons: failing,
        spendableMinor: spendableMinor(account),
        answerBy: toIso(answerBy),
        versions: { program: program.version },
      },
    },
  ];
}
