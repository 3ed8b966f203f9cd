// check.ts: what a check is given and what it says.

import type { Account } from '../../accounts/account.ts';
import type { Card } from '../../cards/card.ts';
import type { LimitSeen } from '../../controls/limit.ts';
import type { Program } from '../../programs/program.ts';
import type { Instant } from '../../time.ts';
import type { NetworkMessage } from '../message.ts';
import type { ReasonCode } from '../reasons.ts';
import type { Transaction } from '../transaction.ts';

export type CheckInput = {
  readonly message: NetworkMessage;
  readonly program: Program;
  readonly account: Account;
  readonly card: Card;
  readonly now: Instant;
  /** What is asked for in account currency; undefined when no rate can tell. */
  readonly amountMinor: bigint | undefined;
  /** Of an increment: what it adds to. */
  readonly transaction: Transaction | undefined;
  /** Limits as they were seen: a check of limits adds to them. */
  limits: readonly LimitSeen[];
};

/** The reason for which the check fails, or undefined. */
export type Check = (input: CheckInput) => ReasonCode | undefined;
