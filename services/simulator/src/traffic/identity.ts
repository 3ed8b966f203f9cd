// identity.ts: what makes each message itself: STAN, RRN, network transaction id, ARN. They come from time, not from the seed.

export type Stamp = {
  /** Systems trace audit number, six digits, rising by one a message and starting again after 999999. */
  readonly stan: string;
  /** Retrieval reference number, twelve digits that end in the STAN. */
  readonly rrn: string;
  /** Rises by one a message. */
  readonly serial: number;
};

/** So many messages a millisecond, and more than any run sends: a run has used up no stamp of a later one. */
const STAMPS_PER_MS = 25;

/**
 * Stamps for one run. The serial starts at the moment of the run, so a second run with the same seed, which sends the
 * same purchases, sends them as new messages and not as repeats of the first. An RRN comes round after 463 days.
 */
export function stampsFrom(startedAtMs: number): () => Stamp {
  let serial = Math.floor(startedAtMs * STAMPS_PER_MS);
  return () => {
    serial += 1;
    const digits = serial.toString().padStart(13, '0');
    return { stan: digits.slice(-6), rrn: digits.slice(-12), serial };
  };
}

const BASE36_6 = 36 ** 6;

/** The id that the network gives a transaction for its whole life: Visa 15 digits; Mastercard 9 characters and MMDD. */
export function networkTransactionId(network: 'visa' | 'mastercard', stamp: Stamp, nowMs: number): string {
  if (network === 'visa') return `482${stamp.rrn}`;
  // Six base-36 characters come round after 24 hours and 11 minutes: with month and day it stays unique for a year.
  const reference = (stamp.serial % BASE36_6).toString(36).toUpperCase().padStart(6, '0');
  return `MDH${reference}${new Date(nowMs).toISOString().slice(5, 10).replace('-', '')}`;
}

/** Acquirer reference number of a presentment: 23 digits, the last one a Luhn check digit. */
export function acquirerReferenceNumber(acquirerId: string, stamp: Stamp, nowMs: number): string {
  const now = new Date(nowMs);
  const dayOfYear = Math.floor((nowMs - Date.UTC(now.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
  const julian = `${now.getUTCFullYear() % 10}${dayOfYear.toString().padStart(3, '0')}`;
  const payload = `7${acquirerId.padStart(6, '0')}${julian}${stamp.rrn.slice(-11)}`;
  return payload + luhnDigit(payload);
}

/** The digit that makes `payload` and it pass the Luhn check. */
export function luhnDigit(payload: string): string {
  let sum = 0;
  for (let place = 0; place < payload.length; place += 1) {
    const digit = Number(payload.charAt(payload.length - 1 - place));
    const doubled = digit * 2;
    sum += place % 2 === 1 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return ((10 - (sum % 10)) % 10).toString();
}
