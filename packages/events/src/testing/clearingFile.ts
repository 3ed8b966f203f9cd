// clearingFile.ts: clearing files for tests: right in every part, unless a test makes them otherwise.

import { createHash } from 'node:crypto';

export type FileRecord = { readonly id: string; readonly message: Readonly<Record<string, unknown>> };

export type FileOptions = {
  readonly sender?: string;
  readonly sequence?: number;
  /** Over what is right. */
  readonly trailer?: object;
};

const KINDS = ['clearing', 'clearing_reversal', 'refund', 'refund_reversal'];

/** The text of a file with these records, its trailer in agreement with them. */
export function clearingFile(records: readonly FileRecord[], options: FileOptions = {}): string {
  const { sender = 'acquirer-7', sequence = 1, trailer = {} } = options;
  const header = { header: { version: 1, sender, sequence, business_date: '2026-03-02' } };
  const lines = [header, ...records.map((record) => ({ record }))].map((line) => `${JSON.stringify(line)}\n`).join('');
  return lines + trailerFor(records, lines, trailer);
}

/** `lines` are those before it, with their ends. */
export function trailerFor(records: readonly FileRecord[], lines: string, more: object = {}): string {
  const sums = new Map<string, { type: unknown; currency: unknown; amount: number }>();
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
  for (const { message } of records) {
    const { type, currency, amount } = message;
    counts[String(type)] = (counts[String(type)] ?? 0) + 1;
    const sum = sums.get(`${type} ${currency}`) ?? { type, currency, amount: 0 };
    sum.amount += Number(amount);
    sums.set(`${type} ${currency}`, sum);
  }
  const sha256 = createHash('sha256').update(lines).digest('hex');
  return `${JSON.stringify({ trailer: { records: counts, sums: [...sums.values()], sha256, ...more } })}\n`;
}

/** A clearing of EUR 40.00, unless `more` says otherwise. */
export function clearingMessage(card: object, more: Readonly<Record<string, unknown>> = {}) {
  return {
    ...{ type: 'clearing', network: 'visa', card, amount: 4_000, currency: 'EUR' },
    merchant: { id: '527021000207953', name: 'ACME', city: 'Berlin', country: 'DE', mcc: '5812' },
    acquirer_id: '400123',
    ...more,
  };
}
