/**
 * Tables of `onceInOrder`, for your own migration. Later versions only add statements and never
 * change existing statements, because existing statements may have been executed.
 */
export const CONSUMER_TABLES: readonly string[] = [
  // Events already processed. The id gives the order in time for the removal of old events.
  `CREATE TABLE IF NOT EXISTS consumer_inbox (
     id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     consumer   text NOT NULL,
     event_id   text NOT NULL,
     claimed_at timestamptz NOT NULL DEFAULT now(),
     CONSTRAINT consumer_inbox_once UNIQUE (consumer, event_id)
   )`,
  // Position of each subject. previous is the position before the transaction of the last write.
  `CREATE TABLE IF NOT EXISTS consumer_position (
     id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     consumer      text NOT NULL,
     subject       text NOT NULL,
     sequence      integer NOT NULL CHECK (sequence > 0),
     previous      integer NOT NULL CHECK (previous >= 0),
     first_seen_at timestamptz NOT NULL DEFAULT now(),
     moved_at      timestamptz NOT NULL DEFAULT now(),
     CONSTRAINT consumer_position_of_subject UNIQUE (consumer, subject),
     CHECK (previous <= sequence)
   )`,
];

/** All tables as a single script. */
export const CONSUMER_TABLES_SQL: string = CONSUMER_TABLES.map((table) => `${table};\n`).join('');
