// money.ts: the money of one account added up naively from its events: no approval overdraws, or exceeds a limit, or
// passes a control that was in force where it stands in the log.

import {
  type AccountEvent,
  type AuthorizationApproved,
  type CardId,
  type Controls,
  type Instant,
  NO_CONTROLS,
  type Recorded,
  type TransactionId,
} from '@holdfast/domain';

/** Something that lowered what can be spent, as limits count it. */
type Charge = { readonly at: Instant; amountMinor: bigint };
type Purchase = { readonly cardId: CardId; readonly charges: Charge[] };
type Card = { status: 'active' | 'paused' | 'closed'; controls: Controls };

export function overspent(events: readonly Recorded<AccountEvent>[]): string[] {
  const found: string[] = [];
  const purchases = new Map<TransactionId, Purchase>();
  const cards = new Map<CardId, Card>();
  let controls = NO_CONTROLS;
  let availableMinor = 0n;
  let creditLineMinor = 0n;
  let closed = false;
  let overdrawn = false;

  function purchase(id: TransactionId, cardId: CardId): Purchase {
    const known = purchases.get(id) ?? { cardId, charges: [] };
    purchases.set(id, known);
    return known;
  }

  /** What was charged last is given back first. */
  function charge({ charges }: Purchase, amountMinor: bigint, at: Instant): void {
    if (amountMinor > 0n) charges.push({ at, amountMinor });
    for (let left = -amountMinor; left > 0n; ) {
      const last = charges.at(-1);
      if (last === undefined) throw new Error('more given back than was charged');
      const given = last.amountMinor < left ? last.amountMinor : left;
      last.amountMinor -= given;
      left -= given;
      if (last.amountMinor === 0n) charges.pop();
    }
  }

  function spentOn(day: string, timeZone: string, cardId: CardId | undefined): bigint {
    let sum = 0n;
    for (const each of purchases.values()) {
      if (cardId !== undefined && each.cardId !== cardId) continue;
      for (const { at, amountMinor } of each.charges) if (dayOf(at, timeZone) === day) sum += amountMinor;
    }
    return sum;
  }

  function checkLimits({ limits }: Controls, askedMinor: bigint, at: Instant, cardId: CardId | undefined): string[] {
    return limits.flatMap(({ amountMinor, window }) => {
      const spent = window.kind === 'transaction' ? 0n : spentOn(dayOf(at, window.timeZone), window.timeZone, cardId);
      return spent + askedMinor > amountMinor ? [`${spent} + ${askedMinor} of ${amountMinor}`] : [];
    });
  }

  function checkApproval({ data, metadata, revision }: Recorded<AuthorizationApproved>): void {
    // The network has answered for us: the one exception.
    if (data.flags.includes('late')) return;
    const { cardId } = data.message;
    const card = cards.get(cardId);
    const wrong: string[] = [];
    if (data.heldMinor > 0n && data.heldMinor > availableMinor + creditLineMinor)
      wrong.push(`holds ${data.heldMinor} of ${availableMinor} and a credit line of ${creditLineMinor}`);
    if (closed) wrong.push('the account is closed');
    if (card?.status !== 'active') wrong.push(`the card is ${card?.status}`);
    if (data.requestedAccountMinor > 0n) {
      wrong.push(...checkLimits(controls, data.requestedAccountMinor, metadata.occurredAt, undefined));
      wrong.push(
        ...checkLimits(card?.controls ?? NO_CONTROLS, data.requestedAccountMinor, metadata.occurredAt, cardId),
      );
    }
    const mcc = data.message.merchant?.mcc ?? '';
    for (const { merchantCategories } of [controls, card?.controls ?? NO_CONTROLS]) {
      if (merchantCategories.blocked.includes(mcc)) wrong.push(`${mcc} is blocked`);
    }
    for (const each of wrong) found.push(`the approval at ${revision}: ${each}`);
  }

  function take(event: Recorded<AccountEvent>): void {
    const at = event.metadata.occurredAt;
    switch (event.type) {
      case 'FundsDeposited':
        availableMinor += event.data.amountMinor;
        return;
      case 'FundsWithdrawn':
        if (event.data.amountMinor > availableMinor + creditLineMinor)
          found.push(`the withdrawal at ${event.revision} takes ${event.data.amountMinor} of ${availableMinor}`);
        availableMinor -= event.data.amountMinor;
        return;
      case 'CorrectionPosted':
        availableMinor += event.data.direction === 'credit' ? event.data.amountMinor : -event.data.amountMinor;
        return;
      case 'SuspenseResolved':
      case 'SuspenseReceived': {
        const { side, accountMinor = 0n } = event.data;
        availableMinor += side === 'credit' ? accountMinor : -accountMinor;
        return;
      }
      case 'TransferSent':
        if (event.data.amountMinor > availableMinor + creditLineMinor)
          found.push(`the transfer at ${event.revision} takes ${event.data.amountMinor} of ${availableMinor}`);
        availableMinor -= event.data.amountMinor;
        return;
      case 'TransferReceived':
      case 'TransferReturned':
        availableMinor += event.data.amountMinor;
        return;
      case 'CreditLineSet':
        ({ creditLineMinor } = event.data);
        return;
      case 'AccountOverdrawn':
      case 'AccountRecovered': {
        const { spendableMinor } = event.data;
        if (spendableMinor !== availableMinor + creditLineMinor || overdrawn === spendableMinor < 0n)
          found.push(`${event.type} at ${event.revision} says ${spendableMinor}`);
        overdrawn = !overdrawn;
        return;
      }
      case 'AccountClosed':
        closed = true;
        return;
      case 'CardIssued':
        cards.set(event.data.cardId, { status: 'active', controls: NO_CONTROLS });
        return;
      case 'CardPaused':
      case 'CardResumed':
      case 'CardClosed':
      case 'CardControlsSet': {
        const card = cards.get(event.data.cardId);
        if (card === undefined) found.push(`${event.type} before the card was issued`);
        else if (event.type === 'CardControlsSet') card.controls = event.data.controls;
        else card.status = STATUS[event.type];
        return;
      }
      case 'AccountControlsSet':
        controls = event.data.controls;
        return;
      case 'AuthorizationApproved': {
        checkApproval(event);
        const { transactionId, message, heldMinor } = event.data;
        availableMinor -= heldMinor;
        charge(purchase(transactionId, message.cardId), heldMinor, at);
        return;
      }
      case 'ClearingPosted': {
        const { transactionId, message, taken, postedMinor } = event.data;
        availableMinor += taken.heldMinor - postedMinor;
        charge(purchase(transactionId, message.cardId), postedMinor - taken.openAccountMinor, at);
        return;
      }
      case 'AuthorizationReversed':
      case 'AuthorizationExpired':
      case 'LateApprovalReleased': {
        const { transactionId, taken } = event.data;
        availableMinor += taken.heldMinor;
        // Of a declined one there is nothing to give back.
        const known = purchases.get(transactionId);
        if (known === undefined && taken.openAccountMinor > 0n) found.push(`${event.type} of nothing`);
        if (known !== undefined) charge(known, -taken.openAccountMinor, at);
        return;
      }
      default:
        return;
    }
  }

  for (const event of events) {
    take(event);
    if ('balances' in event.data && event.data.balances.availableMinor !== availableMinor) {
      found.push(
        `${event.type} at ${event.revision} leaves ${availableMinor}, not ${event.data.balances.availableMinor}`,
      );
    }
  }
  if (overdrawn !== availableMinor + creditLineMinor < 0n)
    found.push(`${availableMinor} available, and nobody was told`);
  return found;
}

const STATUS = { CardPaused: 'paused', CardResumed: 'active', CardClosed: 'closed' } as const;

const formats = new Map<string, Intl.DateTimeFormat>();
const days = new Map<string, string>();

/** The date on the calendar there. */
function dayOf(at: Instant, timeZone: string): string {
  const name = `${timeZone} ${at}`;
  const known = days.get(name);
  if (known !== undefined) return known;
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  formats.set(timeZone, format);
  const day = format.format(at);
  days.set(name, day);
  return day;
}
