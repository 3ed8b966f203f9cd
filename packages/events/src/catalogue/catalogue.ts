// catalogue.ts: the schema of every event in its newest stored form, held against the domain's types by the compiler.

import type { DomainEvent, EventMetadata } from '@holdfast/domain';
import type { z } from 'zod';
import type { EventType } from '../versions.ts';
import { accountEvents } from './account.ts';
import { apiKeyEvents } from './apiKey.ts';
import { authorizationEvents } from './authorization.ts';
import { authorizerEvents } from './authorizer.ts';
import { cardEvents } from './card.ts';
import { clearingEvents } from './clearing.ts';
import { clearingFileEvents } from './clearingFile.ts';
import type { metadataSchema } from './metadata.ts';
import { programEvents } from './program.ts';
import { transferEvents } from './transfer.ts';
import { unmatchedEvents } from './unmatched.ts';

export { metadataSchema } from './metadata.ts';

/** Strict: a field that is not part of the event is an error. */
export const catalogue = {
  ...programEvents,
  ...apiKeyEvents,
  ...authorizerEvents,
  ...cardEvents,
  ...accountEvents,
  ...authorizationEvents,
  ...clearingEvents,
  ...transferEvents,
  ...unmatchedEvents,
  ...clearingFileEvents,
} satisfies Record<EventType, z.ZodType>;

/**
 * A domain type as it is stored: bigints, branded strings and template literals are strings, literals stay (only of
 * these does `Record` demand a property). Applied to both sides of the check below, so that `readonly` and intersections
 * do not count as differences.
 */
type Stored<T> = T extends bigint
  ? string
  : T extends string
    ? Record<never, never> extends Record<T, 1>
      ? string
      : T
    : T extends readonly (infer Item)[]
      ? readonly Stored<Item>[]
      : T extends object
        ? { readonly [K in keyof T]: Stored<T[K]> }
        : T;

type Same<A, B> =
  (<T>() => T extends A ? 'same' : 'different') extends <T>() => T extends B ? 'same' : 'different' ? true : false;

type DataOf<T extends EventType> = Extract<DomainEvent, { readonly type: T }>['data'];

/** True for each event type whose schema says exactly what the domain's type says: fields, optional ones, literals. */
type Agreement = {
  [T in EventType]: Same<Stored<DataOf<T>>, Stored<z.infer<(typeof catalogue)[T]>>>;
};
type StoredMetadata = Stored<Omit<EventMetadata, 'occurredAt'>> & {
  readonly occurredAt: string;
  readonly schemaVersion: number;
};

// Fails to compile, naming the event type, when a schema and its domain type part ways.
type MustAgree<T extends Record<EventType, true>> = T;
type MustBeTrue<T extends true> = T;
export type CatalogueAgrees = [
  MustAgree<Agreement>,
  MustBeTrue<Same<Stored<StoredMetadata>, Stored<z.infer<typeof metadataSchema>>>>,
];
