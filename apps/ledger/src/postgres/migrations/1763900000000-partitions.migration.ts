import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The journal in partitions by month. An entry's id is a UUIDv7, so ranges of ids are spans of time, and the key that is unique is the one that the
 * partitions go by. What must be unique over all partitions, and must be answered after a partition is gone, stands in `entry_key`; checkpoints
 * hold what was proven of partitions that are gone.
 */
export class LedgerPartitions1763900000000 implements MigrationInterface {
  readonly name = 'LedgerPartitions1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...ENTRY_KEY, ...JOURNAL, ...CHECKPOINT, ...DETACH, ...RIGHTS])
      await runner.query(statement);
  }

  /** Only while no partition is detached. */
  async down(runner: QueryRunner): Promise<void> {
    for (const statement of WHOLE_AGAIN) await runner.query(statement);
  }
}

// subject: the account of a funding or transfer, the withdrawal of a venue fee, the entry that a reversal takes back. A capture's key is its hold.
const ENTRY_KEY = [
  `CREATE TABLE entry_key (
     kind         text NOT NULL,
     subject      uuid NOT NULL,
     reference    text NOT NULL DEFAULT '',
     entry_id     uuid NOT NULL,
     account_id   uuid NOT NULL,
     asset        text NOT NULL,
     amount       numeric NOT NULL,
     from_account text NOT NULL,
     to_account   text NOT NULL,
     reason       text,
     CONSTRAINT entry_once PRIMARY KEY (kind, subject, reference)
   )`,
  `INSERT INTO entry_key
   SELECT e.kind, CASE e.kind WHEN 'venue_fee' THEN e.withdrawal_id WHEN 'reversal' THEN e.reverses ELSE e.account_id END,
          CASE WHEN e.kind IN ('funding', 'transfer') THEN e.reference ELSE '' END, e.id, e.account_id, p.asset, p.amount, p.account, q.account, e.reason
     FROM journal_entry e JOIN posting p ON p.entry_id = e.id AND p.line = 1 JOIN posting q ON q.entry_id = e.id AND q.line = 2
    WHERE e.kind <> 'capture'`,
  `CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON entry_key FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows()`,
];

const ONLY_GROWS =
  'BEFORE UPDATE OR DELETE OR TRUNCATE ON %1$I FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows()';
const SEAL = [
  `CREATE TRIGGER journal_only_grows ${ONLY_GROWS}`,
  'REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %1$I FROM CURRENT_USER',
];
/** Once within a partition; over all partitions the hold and `entry_key` see to it. */
const ONCE_PER_WITHDRAWAL =
  'CREATE UNIQUE INDEX ON %1$I (withdrawal_id, kind, reverses) NULLS NOT DISTINCT WHERE withdrawal_id IS NOT NULL';

const listOf = (texts: readonly string[]): string =>
  `ARRAY[${texts.map((text) => `'${text}'`).join(', ')}]`;
const onDefault = (table: string, seal: readonly string[]): string[] =>
  seal.map((sql) => sql.replaceAll('%1$I', `${table}_default`));

const JOURNAL = [
  'ALTER TABLE journal_entry RENAME TO journal_entry_whole',
  'ALTER TABLE posting RENAME TO posting_whole',
  'CREATE TABLE journal_entry (LIKE journal_entry_whole INCLUDING CONSTRAINTS, CONSTRAINT entry_known PRIMARY KEY (id)) PARTITION BY RANGE (id)',
  'CREATE TABLE posting (LIKE posting_whole INCLUDING CONSTRAINTS, CONSTRAINT posting_known PRIMARY KEY (entry_id, line)) PARTITION BY RANGE (entry_id)',
  'CREATE TABLE journal_entry_default PARTITION OF journal_entry DEFAULT',
  'CREATE TABLE posting_default PARTITION OF posting DEFAULT',
  `INSERT INTO partitioned_table (name, key_column, key_kind, step, ahead, seal) VALUES
     ('journal_entry', 'id', 'uuid', 'month', 2, ${listOf([...SEAL, ONCE_PER_WITHDRAWAL])}),
     ('posting', 'entry_id', 'uuid', 'month', 2, ${listOf(SEAL)})`,
  ...['journal_entry', 'posting'].map(
    (
      table,
    ) => `SELECT create_partitions('${table}', least(now(), min(uuid_extract_timestamp(id))), now() + interval '2 months')
                  FROM journal_entry_whole WHERE uuid_extract_version(id) = 7`,
  ),
  'INSERT INTO journal_entry SELECT * FROM journal_entry_whole ORDER BY id',
  'INSERT INTO posting SELECT * FROM posting_whole ORDER BY entry_id, line',
  'DROP TABLE posting_whole, journal_entry_whole',
  ...onDefault('journal_entry', [...SEAL, ONCE_PER_WITHDRAWAL]),
  ...onDefault('posting', SEAL),
  'CREATE INDEX entry_by_account ON journal_entry (account_id, recorded_at, id)',
  ...['journal_entry', 'posting'].map(
    (table) => `CREATE TRIGGER journal_only_grows ${ONLY_GROWS.replace('%1$I', table)}`,
  ),
  `CREATE TRIGGER posting_must_balance AFTER INSERT ON posting
     REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION posting_must_balance()`,
  // One look at each entry by its key, which finds its partition by itself, whatever the planner thinks of the sizes.
  `CREATE OR REPLACE FUNCTION posting_has_entry() RETURNS trigger LANGUAGE plpgsql AS $$
   DECLARE
     lost record;
   BEGIN
     SELECT a.entry_id, e.id, e.reverses INTO lost
       FROM (SELECT DISTINCT entry_id FROM added) AS a
       LEFT JOIN LATERAL (SELECT id, reverses FROM journal_entry WHERE id = a.entry_id OFFSET 0) AS e ON true
      WHERE e.id IS NULL OR (e.reverses IS NOT NULL AND NOT EXISTS (SELECT FROM journal_entry WHERE id = e.reverses)) LIMIT 1;
     IF FOUND AND lost.id IS NULL THEN
       RAISE EXCEPTION 'posting of no entry: %', lost.entry_id USING ERRCODE = 'foreign_key_violation';
     ELSIF FOUND THEN
       RAISE EXCEPTION 'reversal of no entry: %', lost.reverses USING ERRCODE = 'foreign_key_violation';
     END IF;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER posting_has_entry AFTER INSERT ON posting
     REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION posting_has_entry()`,
];

// until is the moment, bound the id from which on nothing is gone. carried: entries that stay although their link is not walked any more.
const CHECKPOINT = [
  `CREATE TABLE checkpoint (
     until     timestamptz PRIMARY KEY,
     bound     uuid NOT NULL,
     entries   bigint NOT NULL,
     proven_at timestamptz NOT NULL DEFAULT clock_timestamp()
   )`,
  `CREATE TABLE checkpoint_head (
     until    timestamptz NOT NULL REFERENCES checkpoint,
     shard    smallint NOT NULL,
     sequence bigint NOT NULL,
     hash     bytea NOT NULL,
     carried  uuid[] NOT NULL,
     digest   bytea NOT NULL,
     PRIMARY KEY (until, shard)
   )`,
  `CREATE TABLE checkpoint_balance (
     until   timestamptz NOT NULL REFERENCES checkpoint,
     account text NOT NULL,
     asset   text NOT NULL,
     sum     numeric NOT NULL,
     PRIMARY KEY (until, account, asset)
   )`,
  ...['checkpoint', 'checkpoint_head', 'checkpoint_balance'].map(
    (table) => `CREATE TRIGGER journal_only_grows ${ONLY_GROWS.replace('%1$I', table)}`,
  ),
];

// The partitions' own locks keep late entries out while they are counted once more; the journal's, taken last and entries before postings as
// every batch does, is held for a moment and not waited for longer than a moment.
const DETACH = [
  `CREATE FUNCTION detach_journal(moment timestamptz) RETURNS text[]
     LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
   DECLARE
     proven checkpoint; leaving record; counted bigint := 0; n bigint; sums jsonb := '[]'; more jsonb; detached text[] := '{}';
   BEGIN
     SELECT * INTO proven FROM checkpoint WHERE until = moment;
     IF NOT FOUND THEN
       RAISE EXCEPTION 'nothing is proven up to %', moment USING ERRCODE = 'object_not_in_prerequisite_state';
     END IF;
     FOR leaving IN SELECT name, parent FROM table_partition WHERE parent IN ('journal_entry', 'posting') AND upper <= moment AT TIME ZONE 'UTC' ORDER BY name LOOP
       EXECUTE format('LOCK TABLE %I IN SHARE MODE', leaving.name);
       IF leaving.parent = 'journal_entry' THEN
         EXECUTE format('SELECT count(*) FROM %I', leaving.name) INTO n;
         counted := counted + n;
       ELSE
         EXECUTE format('SELECT coalesce(jsonb_agg(s), %L) FROM (SELECT account, asset, sum(amount) FROM %I GROUP BY 1, 2) AS s', '[]', leaving.name)
            INTO more;
         sums := sums || more;
       END IF;
     END LOOP;
     IF counted <> proven.entries - coalesce((SELECT c.entries FROM checkpoint c WHERE c.until < moment ORDER BY c.until DESC LIMIT 1), 0) OR EXISTS (
       SELECT account, asset FROM (
         SELECT account, asset, sum FROM jsonb_to_recordset(sums) AS s(account text, asset text, sum numeric)
         UNION ALL SELECT account, asset, sum FROM checkpoint_balance
                    WHERE until = (SELECT c.until FROM checkpoint c WHERE c.until < moment ORDER BY c.until DESC LIMIT 1)
         UNION ALL SELECT account, asset, -sum FROM checkpoint_balance WHERE until = moment) AS difference
        GROUP BY account, asset HAVING sum(sum) <> 0)
     THEN
       RAISE EXCEPTION 'the partitions before % are not what was proven', moment USING ERRCODE = 'object_not_in_prerequisite_state';
     END IF;
     FOR leaving IN SELECT name, parent FROM table_partition WHERE parent IN ('journal_entry', 'posting') AND upper <= moment AT TIME ZONE 'UTC'
                     ORDER BY parent, name LOOP
       EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', leaving.parent, leaving.name);
       detached := detached || leaving.name;
     END LOOP;
     RETURN detached;
   END $$`,
  'REVOKE ALL ON FUNCTION detach_journal(timestamptz) FROM PUBLIC',
];

const RIGHTS = [
  'REVOKE UPDATE, DELETE, TRUNCATE ON journal_entry, posting, entry_key, checkpoint, checkpoint_head, checkpoint_balance FROM CURRENT_USER',
];

const WHOLE_AGAIN = [
  'ALTER TABLE journal_entry RENAME TO journal_entry_partitioned',
  'ALTER TABLE posting RENAME TO posting_partitioned',
  'CREATE TABLE journal_entry (LIKE journal_entry_partitioned INCLUDING CONSTRAINTS, CONSTRAINT journal_entry_pkey PRIMARY KEY (id))',
  'CREATE TABLE posting (LIKE posting_partitioned INCLUDING CONSTRAINTS, CONSTRAINT posting_pkey PRIMARY KEY (entry_id, line))',
  'INSERT INTO journal_entry SELECT * FROM journal_entry_partitioned ORDER BY id',
  'INSERT INTO posting SELECT * FROM posting_partitioned ORDER BY entry_id, line',
  'DROP TABLE posting_partitioned, journal_entry_partitioned, entry_key, checkpoint_balance, checkpoint_head, checkpoint',
  `DELETE FROM partitioned_table WHERE name IN ('journal_entry', 'posting')`,
  'DROP FUNCTION detach_journal',
  'CREATE INDEX entry_by_account ON journal_entry (account_id, recorded_at, id)',
  `CREATE UNIQUE INDEX entry_once_per_withdrawal ON journal_entry (withdrawal_id, kind) WHERE kind IN ('capture', 'venue_fee')`,
  `CREATE UNIQUE INDEX entry_once_per_reference ON journal_entry (account_id, kind, reference) WHERE kind IN ('funding', 'transfer')`,
  'CREATE UNIQUE INDEX entry_reversed_once ON journal_entry (reverses) WHERE reverses IS NOT NULL',
  `CREATE INDEX reversal_by_withdrawal ON journal_entry (withdrawal_id) WHERE kind = 'reversal'`,
  ...['journal_entry', 'posting'].map(
    (table) => `CREATE TRIGGER journal_only_grows ${ONLY_GROWS.replace('%1$I', table)}`,
  ),
  ...['posting_must_balance', 'posting_has_entry'].map(
    (check) =>
      `CREATE TRIGGER ${check} AFTER INSERT ON posting REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ${check}()`,
  ),
  'REVOKE UPDATE, DELETE, TRUNCATE ON journal_entry, posting FROM CURRENT_USER',
];
