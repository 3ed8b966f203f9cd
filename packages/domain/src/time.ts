// time.ts: a moment, handed in from outside. The domain has no clock.

/** Milliseconds since 1970-01-01T00:00:00Z. In events and in the API it is an ISO 8601 string in UTC with milliseconds. */
export type Instant = number;

export const SECOND_MS = 1_000;
export const DAY_MS = 86_400_000;

export function toIso(instant: Instant): string {
  return new Date(instant).toISOString();
}

export function fromIso(text: string): Instant {
  return Date.parse(text);
}
