/** The tables of `onceInOrder`, for a migration of yours. A later version adds a text and never changes one: what is here may have been run. */
export const CONSUMER_TABLES: readonly string[] = [
  // Which events have had their effect. The number gives their order in time to whoever removes old ones.
  `CREATE TABLE IF NOT EXISTS consumer_inbox (
     id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     consumer   text NOT NULL,
     event_id   text NOT NULL,
     claimed_at timestamptz NOT NULL DEFAULT now(),
     CONSTRAINT consumer_inbox_once UNIQUE (consumer, event_id)
   )`,
  // How far each subject has come. previous is how far it had come before the transaction that wrote the row last.
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

/** The same as one script. */
export const CONSUMER_TABLES_SQL: string = CONSUMER_TABLES.map((table) => `${table};\n`).join('');
