// join.ts: an authorization whose own clearing came before it. The network has answered for us, so it is not decided.

import { proportionHalfUp } from '@holdfast/money';
import type { Account } from '../accounts/account.ts';
import type { AuthorizationApproved } from '../events.ts';
import { invariant } from '../invariant.ts';
import { move, post } from '../ledger/entry.ts';
import { DAY_MS, toIso } from '../time.ts';
import { spendingChanges } from './charges.ts';
import { breaksLimit } from './checks/spendingLimits.ts';
import type { MessageContext } from './context.ts';
import type { AuthorizationMessage } from './message.ts';
import type { Flag } from './reasons.ts';
import { type Totals, type Transaction, wasDecided } from './transaction.ts';

/** Of `known` (same network transaction), the one that a later message of `message` opened; the newest of several. */
export function ownClearing(
  known: readonly Transaction[],
  { cardId, transmittedAt }: AuthorizationMessage,
): Transaction | undefined {
  let newest: Transaction | undefined;
  for (const tx of known) {
    if (wasDecided(tx) || tx.cardId !== cardId) continue;
    if (transmittedAt === undefined || tx.transmittedAt === undefined || transmittedAt >= tx.transmittedAt) continue;
    if (newest === undefined || tx.lastRevision > newest.lastRevision) newest = tx;
  }
  return newest;
}

/** Approves `message` into the transaction of its clearing, whatever the controls say, and holds only what is missing. */
export function join(
  account: Account,
  tx: Transaction,
  message: AuthorizationMessage,
  amountMinor: bigint,
  { program, now, answerBy, authorizationCode }: MessageContext,
): AuthorizationApproved {
  const currency = account.opened?.currency;
  invariant(currency !== undefined, 'an account without a currency');
  const { openMinor, openAccountMinor } = missing(tx, message, amountMinor);
  const entry = move('available', 'held', openAccountMinor, currency);
  const balances = post(account.balances, entry);
  const flags: Flag[] = ['late'];
  if (breaksLimit(account, message.cardId, tx, openAccountMinor, now)) flags.push('over_limit');
  if (openAccountMinor > 0n && balances.availableMinor + account.creditLineMinor < 0n) flags.push('overdrawn');
  return {
    type: 'AuthorizationApproved',
    data: {
      transactionId: tx.transactionId,
      message,
      responseCode: '00',
      authorizationCode: tx.authorizationCode ?? authorizationCode,
      reasons: [],
      flags,
      requestedAccountMinor: amountMinor,
      approvedMinor: message.amountMinor,
      approvedAccountMinor: amountMinor,
      heldMinor: openAccountMinor,
      openMinor,
      openAccountMinor,
      answerBy: toIso(answerBy),
      expiresAt: toIso(now + program.holdExpiryDays * DAY_MS),
      spending: spendingChanges(tx.charges, openAccountMinor, toIso(now)),
      limits: [],
      versions: { program: program.version },
      entry,
      balances,
    },
  };
}

type Missing = Pick<Totals, 'openMinor'> & { readonly openAccountMinor: bigint };

const NOTHING: Missing = { openMinor: 0n, openAccountMinor: 0n };

/** What was not cleared; when it was cleared in another currency, by the account amounts. */
function missing(tx: Transaction, message: AuthorizationMessage, amountMinor: bigint): Missing {
  if (tx.finallyCleared) return NOTHING;
  if (message.currency === tx.currency) {
    const openMinor = message.amountMinor - tx.totals.clearedMinor;
    if (openMinor <= 0n) return NOTHING;
    return { openMinor, openAccountMinor: proportionHalfUp(amountMinor, openMinor, message.amountMinor) };
  }
  const openAccountMinor = amountMinor - tx.accountTotals.clearedMinor;
  if (openAccountMinor <= 0n) return NOTHING;
  const openMinor = proportionHalfUp(message.amountMinor, openAccountMinor, amountMinor);
  return openMinor === 0n ? NOTHING : { openMinor, openAccountMinor };
}
