// validate.ts: the whole shape of a stored event, field by field. For audits and tests: replaying uses `decode`.

import { catalogue, metadataSchema } from './catalogue/catalogue.ts';
import { isObject } from './stored.ts';
import { upcast } from './upcasters.ts';
import { isEventType } from './versions.ts';

/** What is wrong with one field: `data.message.currency`. The sentence never shows what the field holds. */
export type EventIssue = { readonly field: string; readonly message: string };

/** All that is wrong with a stored event; empty when it is exactly what the catalogue says. Never throws. */
export function validate(stored: {
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}): readonly EventIssue[] {
  if (!isEventType(stored.type)) return [{ field: 'type', message: 'unknown to this release' }];
  const metadata = metadataSchema.safeParse(parseJson(stored.metadata));
  if (!metadata.success) return issues('metadata', metadata.error.issues);
  const data = parseJson(stored.data);
  if (!isObject(data)) return [{ field: 'data', message: 'not a JSON object' }];
  try {
    const newest = upcast(stored.type, metadata.data.schemaVersion, data);
    const result = catalogue[stored.type].safeParse(newest);
    return result.success ? [] : issues('data', result.error.issues);
  } catch (error) {
    if (error instanceof RangeError) return [{ field: 'metadata.schemaVersion', message: error.message }];
    throw error;
  }
}

function issues(
  part: 'data' | 'metadata',
  found: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): readonly EventIssue[] {
  return found.map(({ path, message }) => ({ field: [part, ...path].join('.'), message }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
