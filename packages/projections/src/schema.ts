// schema.ts: the tables of `read.db`. All of it is derived: a change here drops the file's content and folds the log anew.

/** "HFrm": says that a SQLite file holds our read models. */
export const APPLICATION_ID = 0x4846726d;

/**
 * So many numbers (2^13 = 8,192) are one generation. The indexes of transactions by owner begin with it: new entries
 * then meet in some hundred pages, however many owners there are, where they would else touch a page each. Measured:
 * half the CPU for an approval, at 1,000 accounts. A list asks one generation after the other, from the newest.
 */
export const GENERATION_BITS = 13;

/**
 * `number` counts rows in the order of the log, so lists are newest first by it, and a rebuild gives the same ones.
 * Amounts are minor units, times milliseconds since 1970 UTC, lists, controls, days and rates JSON.
 *
 * A transaction's totals, each in its own currency and (`…_account_minor`) in the account's:
 * - requested: what its authorizations asked for, approved or declined. In account currency nothing for a decline that
 *   had no rate.
 * - approved: what was approved of that.
 * - open: approved and not yet reversed, cleared, expired or released.
 * - held: what `open` blocks of the account's funds; account currency only.
 * - reversed: what reversals took of open or posted back, and what the release of a late approval took.
 * - cleared: what clearings and single messages presented and was not posted back; in account currency what they posted to the cardholder. A clearing in another
 *   currency than the transaction's counts, in the transaction's, as what it took of open, or, when it came before the
 *   approval, as what it left of that.
 * - refunded: what refunds gave back and was not taken back.
 * - pending credit: what a merchant has announced to give back and has not given back yet; balances ignore it.
 */
export const SCHEMA = `
  CREATE TABLE checkpoint (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    sources TEXT NOT NULL,
    first_event TEXT,
    last_event TEXT,
    last_event_position INTEGER NOT NULL,
    position INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE programs (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    hold_expiry TEXT NOT NULL,
    markup_basis_points INTEGER NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE rates (
    program_id TEXT NOT NULL,
    base TEXT NOT NULL,
    quote TEXT NOT NULL,
    published TEXT NOT NULL,
    PRIMARY KEY (program_id, base, quote)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE accounts (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    program_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    name TEXT,
    status TEXT NOT NULL,
    available_minor INTEGER NOT NULL,
    held_minor INTEGER NOT NULL CHECK (held_minor >= 0),
    credit_line_minor INTEGER NOT NULL,
    pending_credit_minor INTEGER NOT NULL DEFAULT 0 CHECK (pending_credit_minor >= 0),
    controls TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX accounts_by_program ON accounts (program_id);

  -- What each account had after each event that changed it: rows in the order of the log, found by generation as
  -- transactions are.
  CREATE TABLE balances (
    position INTEGER PRIMARY KEY,
    account_number INTEGER NOT NULL,
    available_minor INTEGER NOT NULL,
    held_minor INTEGER NOT NULL,
    credit_line_minor INTEGER NOT NULL,
    pending_credit_minor INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX balances_by_account ON balances (position >> ${GENERATION_BITS}, account_number);

  CREATE TABLE transfers (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL,
    target_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    reference TEXT,
    status TEXT NOT NULL,
    reason TEXT,
    finished INTEGER NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX transfers_unfinished ON transfers (created_at) WHERE finished = 0;
  CREATE TABLE suspense (
    number INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    account_id TEXT,
    side TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    message_type TEXT,
    network TEXT,
    card_id TEXT,
    status TEXT NOT NULL,
    resolved_to TEXT,
    to_account_id TEXT,
    reason TEXT,
    assigned_revision INTEGER,
    assigned_at INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (stream, revision)
  ) STRICT;
  CREATE INDEX suspense_by_status ON suspense (status);
  CREATE INDEX suspense_by_account ON suspense (account_id, status);
  CREATE INDEX suspense_unfinished ON suspense (assigned_at) WHERE assigned_at IS NOT NULL;

  -- Messages that moved nothing when they came, although they say that something moves.
  CREATE TABLE unapplied (
    number INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    account_id TEXT,
    program_id TEXT,
    card_id TEXT NOT NULL,
    command_id TEXT NOT NULL,
    message_type TEXT NOT NULL,
    network TEXT NOT NULL,
    network_transaction_id TEXT,
    rrn TEXT,
    original TEXT,
    amount_minor INTEGER,
    remaining_minor INTEGER,
    currency TEXT NOT NULL,
    reason TEXT NOT NULL,
    status TEXT NOT NULL,
    transaction_id TEXT,
    parked_until INTEGER,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    UNIQUE (stream, revision)
  ) STRICT;
  CREATE INDEX unapplied_by_status ON unapplied (status);
  CREATE INDEX unapplied_by_account ON unapplied (account_id, status);
  CREATE INDEX unapplied_by_program ON unapplied (program_id, status);
  CREATE INDEX unapplied_by_command ON unapplied (command_id);
  CREATE INDEX unapplied_waiting ON unapplied (parked_until) WHERE status = 'waiting';

  CREATE TABLE clearing_files (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sender TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    business_date TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    records INTEGER NOT NULL,
    sums TEXT NOT NULL,
    status TEXT NOT NULL,
    outcome TEXT,
    refusals INTEGER NOT NULL DEFAULT 0,
    received_at INTEGER NOT NULL,
    applied_at INTEGER
  ) STRICT;
  CREATE INDEX clearing_files_by_status ON clearing_files (status);
  CREATE INDEX clearing_files_by_sender ON clearing_files (sender, status);

  CREATE TABLE cards (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL,
    program_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    bin TEXT NOT NULL,
    last4 TEXT NOT NULL,
    expiry TEXT NOT NULL,
    label TEXT,
    controls TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX cards_by_account ON cards (account_id, status);
  CREATE INDEX cards_by_status ON cards (status);

  CREATE TABLE transactions (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL,
    card_id TEXT NOT NULL,
    status TEXT NOT NULL,
    network TEXT NOT NULL,
    network_transaction_id TEXT,
    currency TEXT NOT NULL,
    requested_minor INTEGER NOT NULL,
    approved_minor INTEGER NOT NULL,
    open_minor INTEGER NOT NULL CHECK (open_minor >= 0),
    reversed_minor INTEGER NOT NULL DEFAULT 0,
    cleared_minor INTEGER NOT NULL,
    refunded_minor INTEGER NOT NULL DEFAULT 0,
    pending_credit_minor INTEGER NOT NULL DEFAULT 0 CHECK (pending_credit_minor >= 0),
    requested_account_minor INTEGER NOT NULL,
    approved_account_minor INTEGER NOT NULL,
    open_account_minor INTEGER NOT NULL CHECK (open_account_minor >= 0),
    held_minor INTEGER NOT NULL CHECK (held_minor >= 0),
    reversed_account_minor INTEGER NOT NULL DEFAULT 0,
    cleared_account_minor INTEGER NOT NULL,
    refunded_account_minor INTEGER NOT NULL DEFAULT 0,
    pending_credit_account_minor INTEGER NOT NULL DEFAULT 0,
    merchant_id TEXT,
    merchant_name TEXT,
    merchant_city TEXT,
    merchant_country TEXT,
    merchant_mcc TEXT,
    authorization_code TEXT,
    reason TEXT,
    reasons TEXT NOT NULL,
    flags TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    expires_at INTEGER,
    credit_expires_at INTEGER
  ) STRICT;
  CREATE INDEX transactions_by_account ON transactions (number >> ${GENERATION_BITS}, account_id, status);
  CREATE INDEX transactions_by_card ON transactions (number >> ${GENERATION_BITS}, card_id, status);
  CREATE INDEX transactions_by_status ON transactions (status);
  CREATE INDEX transactions_due ON transactions (expires_at) WHERE open_minor > 0;
  CREATE INDEX credits_due ON transactions (credit_expires_at) WHERE pending_credit_minor > 0;

  CREATE TABLE messages (
    transaction_number INTEGER NOT NULL,
    position INTEGER NOT NULL,
    type TEXT NOT NULL,
    decision TEXT,
    response_code TEXT,
    amount_minor INTEGER,
    approved_minor INTEGER,
    billing_minor INTEGER,
    reason TEXT,
    reasons TEXT NOT NULL,
    flags TEXT NOT NULL,
    entry TEXT,
    occurred_at INTEGER NOT NULL,
    PRIMARY KEY (transaction_number, position)
  ) STRICT, WITHOUT ROWID;
`;
