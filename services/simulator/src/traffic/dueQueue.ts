// dueQueue.ts: what waits for its moment, earliest first; a binary heap with a stated most.

export type DueQueue<Item> = {
  readonly size: number;
  /** When the earliest item is due; undefined when there is none. */
  readonly firstDueMs: number | undefined;
  /** False when the queue is full: the item is not kept. */
  add(dueMs: number, item: Item): boolean;
  /** The earliest item that is due at `nowMs`; of several due at once, the one added first. */
  take(nowMs: number): Item | undefined;
};

export function dueQueue<Item>(most: number): DueQueue<Item> {
  const heap: { readonly dueMs: number; readonly order: number; readonly item: Item }[] = [];
  let added = 0;

  const before = (a: number, b: number) => {
    const left = heap[a];
    const right = heap[b];
    if (left === undefined || right === undefined) return left !== undefined;
    return left.dueMs < right.dueMs || (left.dueMs === right.dueMs && left.order < right.order);
  };
  const swap = (a: number, b: number) => {
    const left = heap[a];
    const right = heap[b];
    if (left === undefined || right === undefined) return;
    heap[a] = right;
    heap[b] = left;
  };

  return {
    get size() {
      return heap.length;
    },
    get firstDueMs() {
      return heap[0]?.dueMs;
    },
    add(dueMs, item) {
      if (heap.length >= most) return false;
      heap.push({ dueMs, order: added++, item });
      let at = heap.length - 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!before(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
      return true;
    },
    take(nowMs) {
      const first = heap[0];
      if (first === undefined || first.dueMs > nowMs) return undefined;
      const last = heap.pop();
      if (last !== undefined && heap.length > 0) heap[0] = last;
      let at = 0;
      for (;;) {
        const left = 2 * at + 1;
        const smaller = before(left + 1, left) ? left + 1 : left;
        if (!before(smaller, at)) break;
        swap(smaller, at);
        at = smaller;
      }
      return first.item;
    },
  };
}
