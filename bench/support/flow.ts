// flow.ts: keeps so many things under way.

/** Calls `one` with 0, 1, 2 … up to `count`, `width` at a time. Rejects with the first that fails. */
export async function flow(count: number, width: number, one: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  async function lane(): Promise<void> {
    while (next < count) await one(next++);
  }
  await Promise.all(Array.from({ length: width }, lane));
}
