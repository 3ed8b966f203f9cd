// subject.ts: under which subject an event is published: PREFIX.CATEGORY.ID.TYPE.

import type { StoredEvent } from '@holdfast/journal';

/** What a token of a subject cannot hold, and the sign that says so. */
const NO_TOKEN = /[.*>%\s]/g;

/**
 * One account is `PREFIX.account.ID.>`, one type `PREFIX.*.*.TYPE`, everything `PREFIX.>`. A stream's name is split at its
 * first '-'; a character that a subject cannot hold stands as its code, `%2E` for a dot.
 */
export function subjectOf(prefix: string, { stream, type }: Pick<StoredEvent, 'stream' | 'type'>): string {
  const dash = stream.indexOf('-');
  const [category, id] = dash < 0 ? [stream, '_'] : [stream.slice(0, dash), stream.slice(dash + 1)];
  return [prefix, ...[category, id, type].map(token)].join('.');
}

function token(text: string): string {
  return text.replace(
    NO_TOKEN,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
