// invariants.ts: what must hold after every event, said in another way than the code that makes it so. For replay and tests.

import { type Account, spendableMinor } from './accounts/account.ts';
import { chargesOf } from './authorization/charges.ts';
import type { Transaction } from './authorization/transaction.ts';
import { timeZonesOf } from './controls/limit.ts';
import { dayAt, type Spending } from './controls/spending.ts';
import type { AccountEvent, AuthorizationApproved, Recorded } from './events.ts';
import type { CardId } from './ids.ts';
import { type Entry, MAX_BALANCE_MINOR, signedMinor } from './ledger/entry.ts';
import { fromIso, type Instant } from './time.ts';

/** What the transactions of an account come to that are not in memory. */
export type Aside = {
  readonly heldMinor: bigint;
  /** What limits count from `startsAt` to before `endsAt`, of a card or of all. */
  chargedMinor(startsAt: Instant, endsAt: Instant, cardId: CardId | undefined): bigint;
};

/**
 * What is wrong with an account, in sentences; empty when nothing is. Its transactions must be in memory, but for those
 * that `aside` tells of. Takes time in proportion to those in memory.
 */
export function brokenInvariants(account: Account, aside: Aside = NOTHING_ASIDE): string[] {
  const broken: string[] = [];
  const { availableMinor, heldMinor } = account.balances;
  if (heldMinor < 0n) broken.push(`${heldMinor} is held`);
  if (availableMinor < -MAX_BALANCE_MINOR || availableMinor + heldMinor > MAX_BALANCE_MINOR) {
    broken.push(`a balance is beyond 2^53 − 1: ${availableMinor} available, ${heldMinor} held`);
  }
  let holdsMinor = aside.heldMinor;
  for (const transaction of account.transactions.values()) holdsMinor += transaction.heldMinor;
  if (holdsMinor !== heldMinor) broken.push(`${heldMinor} is held, by its transactions ${holdsMinor}`);
  if (account.status === 'closed' && account.opened === undefined) broken.push('closed before it was opened');
  for (const zone of timeZonesOf(account.controls)) checkDay(account, aside, account.spending, zone, undefined, broken);
  for (const { cardId, controls, spending } of account.cards.values()) {
    for (const zone of timeZonesOf(controls)) checkDay(account, aside, spending, zone, cardId, broken);
  }
  return broken;
}

const NOTHING_ASIDE: Aside = { heldMinor: 0n, chargedMinor: () => 0n };

/** What limits counted in the current day is what its transactions still count of it. */
function checkDay(
  account: Account,
  aside: Aside,
  spending: Spending,
  zone: string,
  cardId: CardId | undefined,
  broken: string[],
): void {
  const { startsAt, endsAt, spentMinor } = dayAt(spending, zone, account.lastOccurredAt);
  let chargedMinor = aside.chargedMinor(startsAt, endsAt, cardId);
  for (const transaction of account.transactions.values()) {
    if (cardId !== undefined && transaction.cardId !== cardId) continue;
    for (const { at, amountMinor } of chargesOf(transaction)) {
      const moment = fromIso(at);
      if (moment >= startsAt && moment < endsAt) chargedMinor += amountMinor;
    }
  }
  if (spentMinor !== chargedMinor) {
    broken.push(`limits of ${cardId ?? 'the account'} count ${spentMinor} in ${zone}, transactions ${chargedMinor}`);
  }
}

/** What is wrong with one of an account's transactions. */
export function brokenByTransaction(account: Account, transaction: Transaction): string[] {
  const broken: string[] = [];
  const { transactionId, totals, accountTotals, heldMinor, status } = transaction;
  const say = (what: string) => broken.push(`${transactionId}: ${what}`);
  if (!account.cards.has(transaction.cardId)) say(`of ${transaction.cardId}, which is not a card of the account`);
  for (const [currency, sums] of [
    [transaction.currency, totals],
    ['account', accountTotals],
  ] as const) {
    for (const [name, sum] of Object.entries(sums)) if (sum < 0n) say(`${name} ${sum} (${currency})`);
    const { openMinor, approvedMinor, reversedMinor } = sums;
    if (openMinor > approvedMinor - reversedMinor) say(`more open than approved and not reversed (${currency})`);
  }
  if (heldMinor < 0n) say(`${heldMinor} held`);
  if (totals.openMinor === 0n && (heldMinor !== 0n || accountTotals.openMinor !== 0n)) {
    say(`nothing open, but ${heldMinor} held and ${accountTotals.openMinor} open in account currency`);
  }
  if (totals.pendingCreditMinor === 0n && accountTotals.pendingCreditMinor !== 0n) {
    say(`no pending credit, but ${accountTotals.pendingCreditMinor} in account currency`);
  }
  const mayBeOpen = status === 'pending' || status === 'partially_settled';
  if (totals.openMinor > 0n && !mayBeOpen) say(`${status} with ${totals.openMinor} open`);
  if (transaction.finallyCleared && totals.openMinor > 0n) say(`${totals.openMinor} open after a final clearing`);
  let chargedMinor = 0n;
  for (const { amountMinor } of chargesOf(transaction)) {
    if (amountMinor === 0n) say('a charge of nothing');
    chargedMinor += amountMinor;
  }
  const standsMinor = accountTotals.openMinor + accountTotals.clearedMinor - transaction.givenBackMinor;
  if (chargedMinor !== standsMinor) {
    say(`limits count ${chargedMinor}, open and cleared less what refunds gave back are ${standsMinor}`);
  }
  if (transaction.givenBackMinor < 0n) say(`${transaction.givenBackMinor} given back by refunds`);
  for (const { leftMinor } of transaction.increments) if (leftMinor < 0n) say(`${leftMinor} left of an increment`);
  return broken;
}

/** What is wrong with an event of `account`, which is as the event left it. */
export function brokenByEvent(account: Account, event: Recorded<AccountEvent>): string[] {
  const broken: string[] = [];
  const say = (what: string) => broken.push(`${event.type} at revision ${event.revision}: ${what}`);
  if ('entry' in event.data) {
    for (const [currency, sum] of sums(event.data.entry)) if (sum !== 0n) say(`its entry is off by ${sum} ${currency}`);
  }
  if ('balances' in event.data) {
    const { availableMinor, heldMinor } = event.data.balances;
    if (availableMinor !== account.balances.availableMinor) say(`it says ${availableMinor} available`);
    if (heldMinor !== account.balances.heldMinor) say(`it says ${heldMinor} held`);
  }
  if (event.type === 'AccountOverdrawn' || event.type === 'AccountRecovered') {
    const { availableMinor, spendableMinor: saysMinor } = event.data;
    if (availableMinor !== account.balances.availableMinor) say(`it says ${availableMinor} available`);
    if (saysMinor !== spendableMinor(account)) say(`it says ${saysMinor} spendable`);
    if (saysMinor < 0n !== (event.type === 'AccountOverdrawn')) say(`with ${saysMinor} spendable`);
  }
  switch (event.type) {
    case 'AuthorizationApproved':
    case 'IncrementApproved':
      checkApproval(account, event.data, event.data.heldMinor, say);
      break;
    case 'FinancialAuthorizationApproved':
      checkApproval(account, event.data, event.data.postedMinor, say);
  }
  return broken;
}

/** No approval overdraws or exceeds a limit, but the one that the network had already given for us. */
function checkApproval(
  account: Account,
  data: Pick<AuthorizationApproved['data'], 'flags' | 'limits' | 'requestedAccountMinor'>,
  takenMinor: bigint,
  say: (what: string) => void,
): void {
  const overdrawn = spendableMinor(account) < 0n && takenMinor > 0n;
  if (data.flags.includes('late')) {
    if (overdrawn && !data.flags.includes('overdrawn')) say('it overdraws, not flagged');
    return;
  }
  if (overdrawn) say(`it leaves ${spendableMinor(account)} spendable`);
  for (const { limitId, spentMinor, amountMinor } of data.limits) {
    const asked = data.requestedAccountMinor;
    if (asked > 0n && spentMinor + asked > amountMinor) say(`${spentMinor} + ${asked} exceeds ${limitId}`);
  }
}

function sums(entry: Entry): Map<string, bigint> {
  const found = new Map<string, bigint>();
  for (const leg of entry) found.set(leg.currency, (found.get(leg.currency) ?? 0n) + signedMinor(leg));
  return found;
}

/**
 * By how much an event changes what its account has posted (available and held), seen from the other side of its entry:
 * the bank, settlement, fx. Summed over all events of an account it is what the balances say.
 */
export function postedChange({ data }: AccountEvent, currency: string): bigint {
  if (!('entry' in data)) return 0n;
  let change = 0n;
  for (const leg of data.entry) {
    if (leg.currency === currency && leg.account !== 'available' && leg.account !== 'held') change += signedMinor(leg);
  }
  return change;
}
