// errors.ts: every error that the HTTP API answers with. `docs/api.md` lists the same; a test compares them.

type ErrorDefinition = {
  readonly status: number;
  readonly title: string;
  /** `{name}` is filled in from the parameters of the error. */
  readonly detail: string;
};

const catalogue = {
  // The request itself
  malformed_request: define(400, 'Malformed request', 'The request is not HTTP as this server reads it: {what}.'),
  malformed_json: define(400, 'Malformed JSON', 'The body is not acceptable JSON: {what}.'),
  invalid_request: define(400, 'Invalid request', '{what}.'),
  idempotency_key_missing: define(400, 'Idempotency key missing', 'This call needs an Idempotency-Key header.'),
  idempotency_key_invalid: define(
    400,
    'Idempotency key invalid',
    'An Idempotency-Key is 1 to 255 visible ASCII characters, given once.',
  ),
  unauthorized: define(401, 'Unauthorized', 'This call needs a valid API key: Authorization: Bearer hf_….'),
  forbidden: define(403, 'Forbidden', 'This call needs an API key with one of these roles: {roles}.'),
  not_found: define(404, 'Not found', 'There is no such route.'),
  method_not_allowed: define(405, 'Method not allowed', 'This route answers {allowed}.'),
  request_timeout: define(408, 'Request timeout', 'The request was not complete within the time allowed.'),
  body_too_large: define(413, 'Body too large', 'A body has at most {limit} bytes.'),
  unsupported_media_type: define(415, 'Unsupported media type', 'Send the body as {expected} in UTF-8.'),
  headers_too_large: define(431, 'Headers too large', 'The request line and headers have at most {limit} bytes.'),

  // Network messages
  invalid_message: define(400, 'Invalid message', '{what}.'),
  identity_missing: define(
    400,
    'Identity missing',
    'Nothing identifies the message: send message_id, or acquirer_id, terminal_id, stan and transmitted_at.',
  ),

  // Clearing files
  invalid_clearing_file: define(
    400,
    'Invalid clearing file',
    'The file is not as it must be, and nothing of it was applied: {what}.',
  ),
  clearing_file_conflict: define(
    409,
    'Clearing file conflict',
    'Another file came under this sender and sequence before. Nothing of this one was applied; that it came is recorded.',
  ),
  clearing_file_incomplete: define(
    500,
    'Clearing file incomplete',
    'Records of accounts that are set aside were not applied ({unapplied}), all others were. Send the same file again once an operator has looked.',
  ),
  too_many_clearing_files: define(
    503,
    'Too many clearing files',
    'This server takes {limit} clearing files at once; send the same file again in a while.',
  ),

  // Things that are not there
  program_not_found: define(404, 'Program not found', 'There is no program with this id.'),
  account_not_found: define(404, 'Account not found', 'There is no account with this id.'),
  account_not_open_then: define(404, 'Account not open then', 'There was no account with this id at that point.'),
  card_not_found: define(404, 'Card not found', 'There is no card with this id.'),
  suspense_not_found: define(404, 'Suspense item not found', 'Nothing was left in suspense there.'),
  target_not_found: define(404, 'Target not found', 'There is no account with the id of the one that is to receive.'),
  transfer_not_found: define(404, 'Transfer not found', 'There is no transfer with this id.'),
  transaction_not_found: define(404, 'Transaction not found', 'There is no transaction with this id.'),
  clearing_file_not_found: define(404, 'Clearing file not found', 'No clearing file with this id was received.'),

  // Things in another state than the call needs
  idempotency_key_reused: define(
    409,
    'Idempotency key reused',
    'This Idempotency-Key was used for this call with another body; send a new one.',
  ),
  program_exists: define(409, 'Program exists', 'The program that this call would create is there already.'),
  account_exists: define(409, 'Account exists', 'The account that this call would open is there already.'),
  rates_never_valid: define(
    400,
    'Rates never valid',
    'The rates end before they begin; valid_until comes after valid_from.',
  ),
  rate_of_same_currency: define(400, 'Rate of same currency', 'A rate is between two currencies.'),
  rate_twice: define(400, 'Rate twice', 'A pair of currencies stands in one publication once, in one direction.'),
  too_many_rates: define(400, 'Too many rates', 'One publication has at most {limit} rates.'),
  too_many_pairs: define(422, 'Too many pairs', 'The program would have rates of more than {limit} pairs.'),
  too_many_rates_of_pair: define(
    422,
    'Too many rates of pair',
    'More than {limit} rates of one pair would be in force or to come.',
  ),
  program_paused: define(409, 'Program paused', 'The program is paused; resume it first.'),
  account_closed: define(409, 'Account closed', 'The account is closed.'),
  account_not_empty: define(
    409,
    'Account not empty',
    'The account has money, holds, or transfers under way; it can be closed without.',
  ),
  suspense_resolved: define(409, 'Suspense item resolved', 'What was left in suspense there has been resolved.'),
  target_closed: define(409, 'Target closed', 'The account that is to receive is closed.'),
  too_many_transfers: define(
    409,
    'Too many transfers',
    'The account has {limit} transfers under way; try again when some are finished.',
  ),
  card_closed: define(409, 'Card closed', 'The card is closed; that is final.'),
  card_number_taken: define(
    409,
    'Card number taken',
    'None of {attempts} numbers tried for this call was free; send a new Idempotency-Key.',
  ),
  card_number_lost: define(
    409,
    'Card number lost',
    'This call issued a card, but under another number key than the server has now: its number cannot be shown again.',
  ),
  currency_mismatch: define(422, 'Currency mismatch', 'The account is kept in another currency.'),
  other_account: define(
    422,
    'Other account',
    'What an account left in suspense goes to that account, or to none; a transfer takes it to another.',
  ),
  account_amount_mismatch: define(
    422,
    'Account amount mismatch',
    'An account_amount is given when the sum goes to an account in another currency, and only then.',
  ),
  same_account: define(422, 'Same account', 'A transfer goes from one account to another.'),
  other_program: define(422, 'Other program', 'The account that is to receive belongs to another program.'),
  balance_too_large: define(422, 'Balance too large', 'The balance would be beyond 9007199254740991 minor units.'),
  insufficient_funds: define(422, 'Insufficient funds', 'The account has less to spend than the amount.'),
  too_many_cards: define(422, 'Too many cards', 'The account has as many cards as an account can have.'),

  // This server, now
  internal: define(500, 'Internal error', 'Something is broken here. Quote the request_id to the operator.'),
  quarantined: define(
    500,
    'Quarantined',
    'This account is set aside until an operator has looked: something about it cannot be. Nothing was done.',
  ),
  unavailable: define(
    503,
    'Unavailable',
    'The log cannot be written at the moment. Try again; the same request has one effect.',
  ),
  not_yet_in_force: define(
    503,
    'Not yet in force',
    'The change is recorded, but not yet confirmed by {authorizers}. The same request again waits for it again.',
  ),
  position_not_reached: define(
    503,
    'Position not reached',
    'The read models have not come to position {position} yet; try again.',
  ),
  not_ready: define(503, 'Not ready', 'The server does not serve yet: {reasons}.'),
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof catalogue;

export const errors: Readonly<Record<ErrorCode, ErrorDefinition>> = catalogue;

export const ERROR_CODES = Object.keys(catalogue) as readonly ErrorCode[];

type Names<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;

/** What the detail of an error needs to be filled in with. */
export type ErrorParameters<Code extends ErrorCode> = Readonly<
  Record<Names<(typeof catalogue)[Code]['detail']>, string | number | bigint>
>;

export function detailOf(code: ErrorCode, parameters: Readonly<Record<string, string | number | bigint>>): string {
  return errors[code].detail.replace(/\{(\w+)\}/g, (_, name: string) => String(parameters[name] ?? '?'));
}

function define<const Detail extends string>(status: number, title: string, detail: Detail) {
  return { status, title, detail };
}
