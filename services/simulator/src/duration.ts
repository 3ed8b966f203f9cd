// duration.ts: durations as people write them: 30s, 2m, 1h, 500ms.

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** The longest run. */
export const MOST_HOURS = 24;

/** Milliseconds, or undefined for anything but a whole or decimal number above zero with a unit, up to 24 hours. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text);
  const [, number, unit] = match ?? [];
  if (number === undefined || !isUnit(unit)) return undefined;
  const ms = Math.round(Number(number) * UNIT_MS[unit]);
  return ms > 0 && ms <= MOST_HOURS * UNIT_MS.h ? ms : undefined;
}

/** For people: `30 s`, `2 min 05 s`, `1 h 00 min`. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 60) return `${Number.isInteger(seconds) ? seconds : seconds.toFixed(1)} s`;
  const whole = Math.floor(seconds);
  const two = (value: number) => value.toString().padStart(2, '0');
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3_600)} h ${two(Math.floor((whole % 3_600) / 60))} min`;
}

function isUnit(text: string | undefined): text is keyof typeof UNIT_MS {
  return text !== undefined && Object.hasOwn(UNIT_MS, text);
}
