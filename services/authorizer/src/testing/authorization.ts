// authorization.ts: a valid authorization, for tests.

/** A valid authorization by `card`; each `stan` is a message of its own. */
export function authorization(card: object, stan = 1) {
  return {
    type: 'authorization',
    network: 'visa',
    card,
    amount: 4_000,
    currency: 'EUR',
    merchant: { id: '527021000207953', name: 'ACME', city: 'Berlin', country: 'DE', mcc: '5812' },
    acquirer_id: '400123',
    terminal_id: 'TERM0001',
    stan: String(stan).padStart(6, '0'),
    transmitted_at: '2026-03-01T12:00:00Z',
  };
}
