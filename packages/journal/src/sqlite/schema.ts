// schema.ts: the tables of the embedded log, and how a file says that it is one.

/** "Hfst", written into the file's header: `file log.db` and `PRAGMA application_id` show it. */
export const APPLICATION_ID = 0x48667374;

/** Format of the tables below. A release refuses a log with a higher number. */
export const FORMAT = 1;

/**
 * Positions are dense: 1, 2, 3 … Ids are not unique: the same command may write to several streams, and a log that
 * checked ids would pay a random page write for each event. `log` is for people with the sqlite3 shell.
 */
export const SCHEMA = `
CREATE TABLE streams (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE types (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE events (
  position INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL REFERENCES streams (id),
  revision INTEGER NOT NULL,
  type INTEGER NOT NULL REFERENCES types (id),
  id TEXT NOT NULL,
  data TEXT NOT NULL,
  metadata TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'an event is never changed: append a correction'); END;

CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'an event is never deleted: append a correction'); END;

CREATE VIEW log AS
SELECT
  events.position,
  streams.name AS stream,
  events.revision,
  types.name AS type,
  CASE WHEN json_valid(events.metadata) THEN events.metadata ->> 'occurredAt' END AS occurred_at,
  events.data,
  events.metadata,
  events.id
FROM events
JOIN streams ON streams.id = events.stream
JOIN types ON types.id = events.type;

PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${FORMAT};
`;
