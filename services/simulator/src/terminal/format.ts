// format.ts: numbers as people read them.

/** 1,234,567. */
export function formatCount(count: number): string {
  return count.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** Three figures: 0.412 ms, 4.12 ms, 41.2 ms, 412 ms, 4.12 s. */
export function formatMs(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(ms >= 100_000 ? 0 : ms >= 10_000 ? 1 : 2)} s`;
  return `${ms.toFixed(ms >= 100 ? 0 : ms >= 10 ? 1 : ms >= 1 ? 2 : 3)} ms`;
}

/** 86.2 %, or – without a value. */
export function formatShare(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}

export function formatRate(perSecond: number): string {
  return `${perSecond >= 1_000 ? formatCount(Math.round(perSecond)) : perSecond.toFixed(1)}/s`;
}

/** What is asked for: `50/s`, or words for 0. */
export function formatAskedRate(perSecond: number): string {
  return perSecond === 0 ? 'as fast as possible' : `${perSecond}/s`;
}

/** `out_of_order`: out of order. */
export function disorderName(kind: string): string {
  return kind.replaceAll('_', ' ');
}

/** `cells`, with `between` them, on as few lines of `room` columns as they need. One that is longer has its own. */
export function wrapped(cells: readonly string[], room: number, between = '   '): readonly string[] {
  const lines: string[] = [];
  for (const cell of cells) {
    const last = lines.at(-1);
    const fits = last !== undefined && last.length + between.length + cell.length <= room;
    if (fits) lines[lines.length - 1] = `${last}${between}${cell}`;
    else lines.push(cell);
  }
  return lines;
}

export function wrappedText(text: string, room: number): readonly string[] {
  return wrapped(text.split(' '), room, ' ');
}
