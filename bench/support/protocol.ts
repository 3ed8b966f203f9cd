// protocol.ts: what a benchmark and its child processes say to each other.

export type ToChild = { readonly question: object } | 'stop';

export type FromChild = { readonly said: unknown } | { readonly failed: string };
