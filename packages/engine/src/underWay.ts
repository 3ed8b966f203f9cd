// underWay.ts: what an engine has begun and must finish before it stops.

export type UnderWay = {
  track<Result>(working: Promise<Result>): Promise<Result>;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
};

export function createUnderWay(): UnderWay {
  const all = new Set<Promise<unknown>>();
  return {
    track(working) {
      all.add(working);
      const over = () => void all.delete(working);
      working.then(over, over);
      return working;
    },
    settled: async () => {
      await Promise.allSettled(all);
    },
  };
}
