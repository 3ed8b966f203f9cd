// transactionText.ts: a transaction as a text for this process alone: four times as fast to write as `v8.serialize`.

import type { Transaction } from '@holdfast/domain';

type Totals = Transaction['totals'];

/** What is an amount by its name is a decimal text here. */
const IS_AMOUNT = /Minor$/;

/** JSON of its values in the order of `transactionOf`. */
export function transactionText(of: Transaction): string {
  return JSON.stringify([
    of.transactionId,
    of.cardId,
    of.network,
    of.currency,
    totalsText(of.totals),
    totalsText(of.accountTotals),
    `${of.heldMinor}`,
    nestedText(of.charges),
    `${of.givenBackMinor}`,
    of.status,
    of.finallyCleared,
    `${of.firstRequestedMinor}`,
    `${of.firstApprovedMinor}`,
    of.authorizationCode ?? null,
    of.expiresAt ?? null,
    of.creditExpiresAt ?? null,
    of.transmittedAt ?? null,
    of.openedAt,
    of.openedRevision,
    of.decided,
    of.advised,
    of.purchase,
    of.financial,
    of.undone,
    of.declinedByNetwork,
    `${of.announcedMinor}`,
    nestedText(of.increments),
    nestedText(of.posted),
    nestedText(of.releasable),
    of.releasedLate,
    of.lastRevision,
  ]);
}

/** A field that a transaction has and this one does not read does not compile. */
export function transactionOf(text: string): Transaction {
  const values = JSON.parse(text);
  let at = 0;
  const next = () => values[at++];
  const amount = () => BigInt(next());
  const optional = () => next() ?? undefined;
  return {
    transactionId: next(),
    cardId: next(),
    network: next(),
    currency: next(),
    totals: totalsOf(next()),
    accountTotals: totalsOf(next()),
    heldMinor: amount(),
    charges: nestedOf(next()),
    givenBackMinor: amount(),
    status: next(),
    finallyCleared: next(),
    firstRequestedMinor: amount(),
    firstApprovedMinor: amount(),
    authorizationCode: optional(),
    expiresAt: optional(),
    creditExpiresAt: optional(),
    transmittedAt: optional(),
    openedAt: next(),
    openedRevision: next(),
    decided: next(),
    advised: next(),
    purchase: next(),
    financial: next(),
    undone: next(),
    declinedByNetwork: next(),
    announcedMinor: amount(),
    increments: nestedOf(next()),
    posted: nestedOf(next()),
    releasable: nestedOf(next()),
    releasedLate: next(),
    lastRevision: next(),
  };
}

function totalsText(of: Totals): string {
  const { requestedMinor, approvedMinor, openMinor, reversedMinor, clearedMinor, refundedMinor } = of;
  const all = `${requestedMinor} ${approvedMinor} ${openMinor} ${reversedMinor} ${clearedMinor} ${refundedMinor}`;
  return `${all} ${of.pendingCreditMinor}`;
}

function totalsOf(text: string): Totals {
  const amounts = text.split(' ');
  const amount = (at: number): bigint => BigInt(amounts[at] ?? '');
  return {
    requestedMinor: amount(0),
    approvedMinor: amount(1),
    openMinor: amount(2),
    reversedMinor: amount(3),
    clearedMinor: amount(4),
    refundedMinor: amount(5),
    pendingCreditMinor: amount(6),
  };
}

/** Of what few transactions have, or have little of. */
function nestedText(value: object | undefined): string | null {
  if (value === undefined) return null;
  return JSON.stringify(value, (key, each: unknown) => {
    if (typeof each !== 'bigint') return each;
    if (!IS_AMOUNT.test(key)) throw new TypeError(`"${key}" is a bigint, but its name does not end in Minor`);
    return `${each}`;
  });
}

function nestedOf(text: string | null) {
  if (text === null) return undefined;
  return JSON.parse(text, (key, each: unknown) =>
    typeof each === 'string' && IS_AMOUNT.test(key) ? BigInt(each) : each,
  );
}
