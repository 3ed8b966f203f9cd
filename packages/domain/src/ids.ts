// ids.ts: identifiers, TypeID strings such as `acct_01jd…`. They are derived from the command that creates the thing.

declare const brand: unique symbol;
type Id<Kind extends string> = string & { readonly [brand]: Kind };

export type ProgramId = Id<'ProgramId'>; // prog_…
export type AccountId = Id<'AccountId'>; // acct_…
export type CardId = Id<'CardId'>; // card_…, derived from the keyed fingerprint of the number
export type TransactionId = Id<'TransactionId'>; // txn_…
export type DepositId = Id<'DepositId'>; // dep_…
export type LimitId = Id<'LimitId'>; // lim_…
export type ApiKeyId = Id<'ApiKeyId'>; // key_…

/**
 * What makes a command itself: the same command sent again has the same id. 22 characters of base64url, or a word and
 * what it is about, of a command that follows from another.
 */
export type CommandId = Id<'CommandId'>;
/** Hash of what is compared when the same command comes again. 22 characters of base64url. */
export type ContentHash = Id<'ContentHash'>;
