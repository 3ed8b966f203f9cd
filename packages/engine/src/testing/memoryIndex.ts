// memoryIndex.ts: an account index in memory, for simulations that must replay exactly from a seed.

import type { AccountIndex } from '../accountIndex.ts';

export function memoryIndex(): AccountIndex {
  const snapshots = new Map<string, { readonly revision: number; readonly snapshot: string }>();
  const keys = new Map<string, Set<number>>();
  return {
    async write({ stream, revision, snapshot, keys: added }) {
      if (revision >= (snapshots.get(stream)?.revision ?? -1)) snapshots.set(stream, { revision, snapshot });
      for (const [key, leadsTo] of added) {
        const name = `${stream} ${key}`;
        keys.set(name, (keys.get(name) ?? new Set()).add(leadsTo));
      }
    },
    snapshot: (stream) => snapshots.get(stream),
    revisionsOf: (stream, key) => [...(keys.get(`${stream} ${key}`) ?? [])].sort((a, b) => a - b),
    close: async () => {},
  };
}
