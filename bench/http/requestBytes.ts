// requestBytes.ts: authorizations as ready-made HTTP requests, in which only what makes each one itself is written anew.

import { API_KEY, type BenchCard } from '../support/world.ts';

/** A request for one card, and where in it the fields stand that differ from one authorization to the next. */
export type RequestTemplate = {
  readonly bytes: Buffer;
  readonly stanAt: number;
  readonly rrnAt: number;
  readonly networkTransactionIdAt: number;
  readonly transmittedAt: number;
};

const STAN = '000000';
const RRN = '000000000000';
const NETWORK_TRANSACTION_ID = '000000000000000';
const TRANSMITTED_AT = '2026-01-01T00:00:00.000Z';

/** By id or by number: both ways are in use. */
export function requestTemplate({ cardId, number }: BenchCard, by: 'id' | 'number'): RequestTemplate {
  const body = JSON.stringify({
    type: 'authorization',
    network: 'visa',
    network_transaction_id: NETWORK_TRANSACTION_ID,
    card: by === 'id' ? { id: cardId } : { number, expiry: '3912' },
    amount: 4_000,
    currency: 'EUR',
    merchant: { id: '527021000207953', name: 'ACME', city: 'Berlin', country: 'DE', mcc: '5812' },
    acquirer_id: '400123',
    acquirer_country: 'DE',
    terminal_id: 'TERM0001',
    stan: STAN,
    rrn: RRN,
    transmitted_at: TRANSMITTED_AT,
    entry_mode: 'ecommerce',
    card_present: false,
    partial_approval: true,
  });
  const head = [
    'POST /v1/network/messages HTTP/1.1',
    'host: 127.0.0.1',
    `authorization: Bearer ${API_KEY}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  const text = `${head.join('\r\n')}\r\n\r\n${body}`;
  const at = (field: string): number => text.indexOf(`"${field}":"`) + field.length + 4;
  return {
    bytes: Buffer.from(text, 'latin1'),
    stanAt: at('stan'),
    rrnAt: at('rrn'),
    networkTransactionIdAt: at('network_transaction_id'),
    transmittedAt: at('transmitted_at'),
  };
}

/** Writes what makes authorization `n` itself: unique below 10^15, its time in milliseconds. */
export function fill(bytes: Buffer, template: RequestTemplate, n: number, transmittedAt: Buffer): void {
  digits(bytes, template.networkTransactionIdAt, NETWORK_TRANSACTION_ID.length, n);
  digits(bytes, template.rrnAt, RRN.length, n);
  digits(bytes, template.stanAt, STAN.length, n);
  transmittedAt.copy(bytes, template.transmittedAt);
}

/** The last `count` decimal digits of `n`. */
function digits(bytes: Buffer, at: number, count: number, n: number): void {
  let left = n;
  for (let i = at + count - 1; i >= at; i--) {
    const rest = Math.floor(left / 10);
    bytes[i] = 48 + left - rest * 10;
    left = rest;
  }
}
