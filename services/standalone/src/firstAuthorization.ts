// firstAuthorization.ts: a command line that sends an authorization, to be pasted into any shell.

export type FirstAuthorization = {
  readonly address: string;
  /** Read by the pasted line, so that the key is neither on the screen nor in the shell's history. */
  readonly keyPath: string;
  readonly cardId: string;
  readonly currency: string;
  readonly now: number;
};

/** Several lines for one command. Its system trace number and time are new each time it is printed. */
export function firstAuthorization({ address, keyPath, cardId, currency, now }: FirstAuthorization): string {
  const message = {
    type: 'authorization',
    network: 'visa',
    card: { id: cardId },
    amount: 4_000,
    currency,
    merchant: { id: '527021000207953', name: 'ACME', city: 'Berlin', country: 'DE', mcc: '5812' },
    acquirer_id: '400123',
    terminal_id: 'TERM0001',
    stan: String(Math.floor(now / 1_000) % 1_000_000).padStart(6, '0'),
    transmitted_at: new Date(now).toISOString(),
  };
  return [
    `curl -sS -w '\\n' ${address}/v1/network/messages \\`,
    `  -H "Authorization: Bearer $(cat ${quoted(keyPath)})" \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d ${quoted(JSON.stringify(message))}`,
  ].join('\n');
}

/** For a POSIX shell: inside single quotes nothing means anything, but a single quote. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
