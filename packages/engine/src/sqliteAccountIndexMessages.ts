// sqliteAccountIndexMessages.ts: what crosses the boundary to the thread that writes the index.

import type { IndexWrite } from './accountIndex.ts';

/** To the writer: what becomes one transaction, or `'close'` after the last one. */
export type ToIndexWriter = readonly FlatWrite[] | 'close';

/** From the writer: once after it opened the file, then one answer for each transaction, in order. */
export type FromIndexWriter = { readonly ready: true } | { readonly committed: true } | { readonly failed: string };

/** A write with its keys as `IndexKeys.read` takes them. */
export type FlatWrite = Omit<IndexWrite, 'keys'> & { readonly keys: Uint8Array<ArrayBuffer> };
