// join.ts: a request whose own later message came before it: the network has answered for us, so it is not decided.

import { proportionHalfUp } from '@holdfast/money';
import type { Account } from '../accounts/account.ts';
import type { AuthorizationApproved } from '../events.ts';
import { post } from '../ledger/entry.ts';
import { holdsForMs } from '../programs/holdExpiry.ts';
import { toIso } from '../time.ts';
import { converted, currencyOf, hold, rateFlags } from './amounts.ts';
import { amountAsked } from './asked.ts';
import { chargesFor } from './charges.ts';
import type { MessageContext } from './context.ts';
import { factFlags } from './factFlags.ts';
import type { AuthorizationMessage, NetworkMessage } from './message.ts';
import type { Flag, ReasonCode } from './reasons.ts';
import { isCleared, type Transaction, wasApproved, wasDecided } from './transaction.ts';

/** Of `known` (same network transaction), the one that a later message of `message` opened; the newest of several. */
export function ownLater(
  known: readonly Transaction[],
  { type, cardId, transmittedAt, currency }: NetworkMessage,
): Transaction | undefined {
  let newest: Transaction | undefined;
  for (const tx of known) {
    if (wasDecided(tx) || tx.cardId !== cardId || !tx.purchase) continue;
    // What is held in another currency, or beside a single message, stays apart.
    const held = tx.increments.length > 0 && !tx.advised;
    if (held && (tx.currency !== currency || type === 'financial_authorization')) continue;
    if (transmittedAt === undefined || tx.transmittedAt === undefined || transmittedAt >= tx.transmittedAt) continue;
    if (newest === undefined || tx.lastRevision > newest.lastRevision) newest = tx;
  }
  return newest;
}

/** Why the request is declined although the network has answered: it declined, or the purchase was undone meanwhile. */
export function refusedLater(tx: Transaction): ReasonCode | undefined {
  if (tx.undone || (tx.status === 'voided' && !onlyIncrementsUndone(tx))) return 'reversed_before_arrival';
  return tx.declinedByNetwork && !wasApproved(tx) && !isCleared(tx) ? 'declined_by_network' : undefined;
}

/** Each of its increments was reversed for itself: that says nothing about what they were to be added to. */
function onlyIncrementsUndone({ increments, advised, totals }: Transaction): boolean {
  return (
    !advised &&
    totals.clearedMinor === 0n &&
    increments.some(({ approvedMinor }) => approvedMinor > 0n) &&
    increments.every(({ leftMinor }) => leftMinor === 0n)
  );
}

/** Approves `message` into its own transaction, whatever the controls say, and holds only what is missing. */
export function join(
  account: Account,
  tx: Transaction,
  message: AuthorizationMessage,
  context: MessageContext,
): AuthorizationApproved | undefined {
  const { program, now, answerBy, authorizationCode } = context;
  const currency = currencyOf(account);
  const amount = amountAsked(account, message, context, 'fact');
  if (amount === undefined) return undefined;
  const { openMinor, openAccountMinor } = missing(tx, message.amountMinor, message.currency, amount.minor);
  const feeMinor = openMinor === 0n ? 0n : proportionHalfUp(amount.feeMinor, openMinor, message.amountMinor);
  const entry = hold(openAccountMinor, feeMinor, currency);
  const balances = post(account.balances, entry);
  const flags: Flag[] = ['late', ...rateFlags(amount)];
  flags.push(...factFlags(account, balances, tx, message, openAccountMinor, now));
  return {
    type: 'AuthorizationApproved',
    data: {
      transactionId: tx.transactionId,
      message,
      responseCode: '00',
      authorizationCode: tx.authorizationCode ?? authorizationCode,
      reasons: [],
      flags,
      requestedAccountMinor: amount.minor,
      approvedMinor: message.amountMinor,
      approvedAccountMinor: amount.minor,
      ...converted(amount),
      heldMinor: openAccountMinor,
      openMinor,
      openAccountMinor,
      ...(tx.advised ? { advised: true } : {}),
      answerBy: toIso(answerBy),
      expiresAt: toIso(now + holdsForMs(program, message.merchant.mcc)),
      spending: chargesFor(tx, openAccountMinor, toIso(now)),
      limits: [],
      versions: { program: program.version },
      entry,
      balances,
    },
  };
}

type Missing = { readonly openMinor: bigint; readonly openAccountMinor: bigint };

const NOTHING: Missing = { openMinor: 0n, openAccountMinor: 0n };

/**
 * What `amountMinor` more approved leaves to hold: what then stands and is neither cleared nor held. When it was cleared
 * in another currency, by the account amounts.
 */
export function missing(tx: Transaction, amountMinor: bigint, currency: string, accountMinor: bigint): Missing {
  if (tx.finallyCleared || tx.advised) return NOTHING;
  const { totals, accountTotals } = tx;
  if (currency === tx.currency) {
    const { approvedMinor, reversedMinor, clearedMinor, openMinor: open } = totals;
    const lacks = approvedMinor + amountMinor - reversedMinor - clearedMinor - open;
    const openMinor = lacks > amountMinor ? amountMinor : lacks;
    if (openMinor <= 0n) return NOTHING;
    return { openMinor, openAccountMinor: proportionHalfUp(accountMinor, openMinor, amountMinor) };
  }
  const openAccountMinor = accountMinor - accountTotals.clearedMinor;
  if (openAccountMinor <= 0n || totals.openMinor > 0n) return NOTHING;
  const openMinor = proportionHalfUp(amountMinor, openAccountMinor, accountMinor);
  return openMinor === 0n ? NOTHING : { openMinor, openAccountMinor };
}
