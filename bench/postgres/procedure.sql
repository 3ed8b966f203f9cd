-- What an authorization takes, as one stored procedure: idempotency, states, a daily limit, merchant categories, funds,
-- the hold, the decision's event and its journal entry. Amounts in minor units.

CREATE TABLE programs (id text PRIMARY KEY, status text NOT NULL, hold_expiry interval NOT NULL);

CREATE TABLE accounts (
  id text PRIMARY KEY,
  program_id text NOT NULL REFERENCES programs,
  status text NOT NULL,
  currency text NOT NULL,
  credit_line bigint NOT NULL,
  available bigint NOT NULL,
  held bigint NOT NULL,
  revision bigint NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE cards (
  id text PRIMARY KEY,
  account_id text NOT NULL REFERENCES accounts,
  status text NOT NULL,
  expires date NOT NULL,
  daily_limit bigint,
  time_zone text NOT NULL,
  blocked_categories text[] NOT NULL,
  spending_day date NOT NULL,
  spent bigint NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE messages (command_id text PRIMARY KEY, content_hash text NOT NULL, answer text NOT NULL);

CREATE TABLE transactions (
  id text PRIMARY KEY,
  account_id text NOT NULL,
  card_id text NOT NULL,
  network_transaction_id text,
  status text NOT NULL,
  open bigint NOT NULL,
  held bigint NOT NULL,
  expires_at timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX transactions_of_network ON transactions (account_id, network_transaction_id);

CREATE TABLE events (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id text NOT NULL,
  revision bigint NOT NULL,
  type text NOT NULL,
  data text NOT NULL,
  UNIQUE (account_id, revision)
);

CREATE TABLE entries (
  event_position bigint NOT NULL,
  leg smallint NOT NULL,
  ledger_account text NOT NULL,
  debit bigint,
  credit bigint,
  PRIMARY KEY (event_position, leg)
);

CREATE FUNCTION authorize(
  p_command_id text, p_content_hash text, p_transaction_id text, p_card_id text, p_amount bigint, p_currency text,
  p_mcc text, p_network_transaction_id text, p_authorization_code text, p_message text
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  card record;
  known record;
  today date;
  spent_today bigint;
  reason text;
  outcome text;
  expires timestamptz;
  at bigint;
BEGIN
  SELECT c.status AS card_status, c.expires, c.daily_limit, c.time_zone, c.blocked_categories, c.spending_day, c.spent,
         a.id, a.status, a.currency, a.credit_line, a.available, a.held, a.revision,
         p.status AS program_status, p.hold_expiry
    INTO card
    FROM cards c JOIN accounts a ON a.id = c.account_id JOIN programs p ON p.id = a.program_id
    WHERE c.id = p_card_id FOR UPDATE OF a;
  IF NOT FOUND THEN RETURN '{"decision":"declined","response_code":"14"}'; END IF;

  SELECT content_hash, answer INTO known FROM messages WHERE command_id = p_command_id;
  IF FOUND THEN
    IF known.content_hash = p_content_hash THEN RETURN known.answer; END IF;
    RETURN '{"decision":"declined","response_code":"94"}';
  END IF;

  today := (now() AT TIME ZONE card.time_zone)::date;
  spent_today := CASE WHEN card.spending_day = today THEN card.spent ELSE 0 END;
  PERFORM 1 FROM transactions
    WHERE account_id = card.id AND network_transaction_id = p_network_transaction_id;

  reason := CASE
    WHEN card.program_status <> 'active' THEN '57'
    WHEN card.status <> 'open' THEN '62'
    WHEN card.card_status <> 'active' THEN '62'
    WHEN card.expires < today THEN '54'
    WHEN p_currency <> card.currency THEN '57'
    WHEN p_mcc = ANY (card.blocked_categories) THEN '57'
    WHEN card.daily_limit IS NOT NULL AND spent_today + p_amount > card.daily_limit THEN '61'
    WHEN card.available + card.credit_line < p_amount THEN '51'
  END;

  IF reason IS NULL THEN
    expires := now() + card.hold_expiry;
    UPDATE accounts SET available = available - p_amount, held = held + p_amount, revision = revision + 1
      WHERE id = card.id;
    UPDATE cards SET spending_day = today, spent = spent_today + p_amount WHERE id = p_card_id;
    INSERT INTO transactions VALUES (p_transaction_id, card.id, p_card_id, p_network_transaction_id, 'pending', p_amount,
      p_amount, expires);
  ELSE
    UPDATE accounts SET revision = revision + 1 WHERE id = card.id;
  END IF;

  INSERT INTO events (account_id, revision, type, data) VALUES (
    card.id,
    card.revision + 1,
    CASE WHEN reason IS NULL THEN 'AuthorizationApproved' ELSE 'AuthorizationDeclined' END,
    json_build_object(
      'transactionId', p_transaction_id, 'message', p_message::json, 'responseCode', coalesce(reason, '00'),
      'authorizationCode', p_authorization_code, 'commandId', p_command_id, 'contentHash', p_content_hash,
      'approvedMinor', CASE WHEN reason IS NULL THEN p_amount ELSE 0 END, 'occurredAt', now(), 'expiresAt', expires,
      'limit', card.daily_limit, 'spentMinor', spent_today,
      'availableMinor', card.available - CASE WHEN reason IS NULL THEN p_amount ELSE 0 END,
      'heldMinor', card.held + CASE WHEN reason IS NULL THEN p_amount ELSE 0 END
    )::text
  ) RETURNING position INTO at;

  IF reason IS NULL THEN
    INSERT INTO entries VALUES (at, 0, 'available:' || card.id, p_amount, NULL), (at, 1, 'held:' || card.id, NULL, p_amount);
  END IF;

  outcome := CASE WHEN reason IS NULL
    THEN '{"decision":"approved","response_code":"00","approved_amount":' || p_amount || ',"billing_amount":' || p_amount
      || ',"currency":"' || p_currency || '","authorization_code":"' || p_authorization_code
      || '","transaction_id":"' || p_transaction_id || '","reasons":[],"flags":[],"position":"' || at || '"}'
    ELSE '{"decision":"declined","response_code":"' || reason || '","position":"' || at || '"}'
  END;
  INSERT INTO messages VALUES (p_command_id, p_content_hash, outcome);
  RETURN outcome;
END $$;
