import type { MigrationInterface, QueryRunner } from 'typeorm';

const PARTITIONS_LOCK = 7_315_003;

/**
 * The catalogue of partitioned tables. key_kind: an id, or text, that starts as a UUIDv7 does is in the order of time, so the key that
 * must stay unique also says in which partition a row is. keep: how long after its end a partition may be dropped, NULL for never; only_empty: and
 * only while it has no row. seal: statements run on each new partition, whose name is %1$I.
 */
const PARTITION_CATALOGUE = [
  `CREATE TABLE partitioned_table (
     name       text PRIMARY KEY,
     key_column text NOT NULL,
     key_kind   text NOT NULL CHECK (key_kind IN ('uuid', 'text', 'time')),
     step       text NOT NULL CHECK (step IN ('day', 'month')),
     ahead      integer NOT NULL CHECK (ahead > 0),
     keep       interval,
     only_empty boolean NOT NULL DEFAULT false,
     storage    text NOT NULL DEFAULT '',
     seal       text[] NOT NULL DEFAULT '{}'
   )`,
  `CREATE VIEW table_partition AS
     SELECT p.name AS parent, c.relname::text AS name, lower, lower + ('1 ' || p.step)::interval AS upper
       FROM partitioned_table p
       JOIN pg_inherits i ON i.inhparent = to_regclass(p.name)
       JOIN pg_class c ON c.oid = i.inhrelid AND c.relname ~ '_[0-9]{6,8}$',
            LATERAL (SELECT to_date(rpad(substring(c.relname FROM '[0-9]+$'), 8, '01'), 'YYYYMMDD')::timestamp AS lower) AS span`,
  `CREATE FUNCTION partition_bound(kind text, at timestamp) RETURNS text LANGUAGE sql IMMUTABLE AS $$
     SELECT CASE kind
              WHEN 'time' THEN to_char(at, 'YYYY-MM-DD HH24:MI:SS"+00"')
              WHEN 'uuid' THEN rpad(hex, 32, '0')::uuid::text
              ELSE left(rpad(hex, 32, '0')::uuid::text, 13) END
       FROM lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') AS hex $$`,
];

// A partition is made beside its table and then attached, which keeps nobody from reading or writing the rest. Where the default partition already
// has rows of that time they stay there, and no partition is made.
const CREATE_PARTITIONS = `
  CREATE FUNCTION create_partitions(wanted text, since timestamptz, until timestamptz) RETURNS text[]
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$
  DECLARE
    plan partitioned_table; lower timestamp; upper timestamp; child text; bounds text[]; taken boolean; sealing text; made text[] := '{}';
  BEGIN
    SELECT * INTO STRICT plan FROM partitioned_table WHERE name = wanted;
    PERFORM pg_advisory_xact_lock(${PARTITIONS_LOCK});
    lower := date_trunc(plan.step, since AT TIME ZONE 'UTC');
    WHILE lower <= until AT TIME ZONE 'UTC' LOOP
      upper := lower + ('1 ' || plan.step)::interval;
      child := plan.name || to_char(lower, CASE plan.step WHEN 'day' THEN '_YYYYMMDD' ELSE '_YYYYMM' END);
      bounds := ARRAY[partition_bound(plan.key_kind, lower), partition_bound(plan.key_kind, upper)];
      IF to_regclass(child) IS NULL THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %1$I WHERE %2$I >= %3$L AND %2$I < %4$L)', plan.name || '_default', plan.key_column, bounds[1], bounds[2])
           INTO taken;
        IF NOT taken THEN
          EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING CONSTRAINTS INCLUDING STORAGE) %s', child, plan.name, plan.storage);
          EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', plan.name, child, bounds[1], bounds[2]);
          FOREACH sealing IN ARRAY plan.seal LOOP EXECUTE format(sealing, child); END LOOP;
          made := made || child;
        END IF;
      END IF;
      lower := upper;
    END LOOP;
    RETURN made;
  END $$`;

const CREATE_PARTITIONS_AHEAD = `
  CREATE FUNCTION create_partitions_ahead() RETURNS text[] LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(made.name ORDER BY made.name), '{}')
      FROM partitioned_table p, unnest(create_partitions(p.name, now(), now() + (p.ahead || ' ' || p.step)::interval)) AS made (name) $$`;

// It waits no longer than a second for its table, because others wait behind it; inbox before outbox, as every batch has them. Under the
// partition's own lock a row that is not committed yet is waited for, and an emptiness that was seen stays.
const DROP_OLD_PARTITIONS = `
  CREATE FUNCTION drop_old_partitions() RETURNS text[]
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '1s' AS $$
  DECLARE
    old record; filled boolean; dropped text[] := '{}';
  BEGIN
    PERFORM pg_advisory_xact_lock(${PARTITIONS_LOCK});
    FOR old IN SELECT t.name, p.only_empty FROM table_partition t JOIN partitioned_table p ON p.name = t.parent
                WHERE p.keep IS NOT NULL AND t.upper < now() AT TIME ZONE 'UTC' - p.keep ORDER BY t.parent, t.upper LOOP
      filled := false;
      IF old.only_empty THEN
        EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', old.name);
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', old.name) INTO filled;
      END IF;
      IF NOT filled THEN
        EXECUTE format('DROP TABLE %I', old.name);
        dropped := dropped || old.name;
      END IF;
    END LOOP;
    RETURN dropped;
  END $$`;

/** Only a role that was granted a function may call it. */
const REVOKED = [
  'create_partitions(text, timestamptz, timestamptz)',
  'create_partitions_ahead()',
  'drop_old_partitions()',
].map((signature) => `REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC`);

// In byte order whatever the database's own order is: only then do ids sort as their times do. 14 days are twice what a topic keeps by
// default: a claim must outlive every chance to read its message again.
const INBOX = [
  'ALTER TABLE inbox RENAME TO inbox_whole',
  `CREATE TABLE inbox (
     consumer   text NOT NULL,
     message_id text COLLATE "C" NOT NULL,
     claimed_at timestamptz NOT NULL DEFAULT now(),
     CONSTRAINT inbox_once PRIMARY KEY (consumer, message_id)
   ) PARTITION BY RANGE (message_id)`,
  'CREATE TABLE inbox_default PARTITION OF inbox DEFAULT',
  `INSERT INTO partitioned_table (name, key_column, key_kind, step, ahead, keep) VALUES ('inbox', 'message_id', 'text', 'day', 2, '14 days')`,
  `SELECT create_partitions('inbox', now() - interval '14 days', now() + interval '2 days')`,
  'INSERT INTO inbox (consumer, message_id, claimed_at) SELECT consumer, message_id, claimed_at FROM inbox_whole',
  'DROP TABLE inbox_whole',
];

const OUTBOX_COLUMNS = `
     publisher  uuid,
     keys       text[] NOT NULL,
     messages   bytea STORAGE EXTERNAL NOT NULL,
     created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     touched_at timestamptz NOT NULL DEFAULT clock_timestamp()`;
const OUTBOX_STORAGE =
  'WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)';

// The outbox is a queue: nearly every partition is nearly empty. It is partitioned because dropping a partition also frees the space of dead
// rows, which a long snapshot keeps VACUUM from reusing.
const OUTBOX = [
  'ALTER TABLE outbox RENAME TO outbox_whole',
  `CREATE TABLE outbox (
     id         bigint GENERATED ALWAYS AS IDENTITY,${OUTBOX_COLUMNS},
     CONSTRAINT outbox_once PRIMARY KEY (id, created_at)
   ) PARTITION BY RANGE (created_at)`,
  `CREATE TABLE outbox_default PARTITION OF outbox DEFAULT ${OUTBOX_STORAGE}`,
  `INSERT INTO partitioned_table (name, key_column, key_kind, step, ahead, keep, only_empty, storage)
   VALUES ('outbox', 'created_at', 'time', 'day', 1, '1 hour', true, '${OUTBOX_STORAGE}')`,
  `SELECT create_partitions('outbox', now(), now() + interval '1 day')`,
  `INSERT INTO outbox (id, publisher, keys, messages, created_at, touched_at) OVERRIDING SYSTEM VALUE
   SELECT id, publisher, keys, messages, created_at, touched_at FROM outbox_whole`,
  `SELECT setval(pg_get_serial_sequence('outbox', 'id'), nextval(pg_get_serial_sequence('outbox_whole', 'id')))`,
  'DROP TABLE outbox_whole',
];

const UNPARTITION = [
  'ALTER TABLE inbox RENAME TO inbox_partitioned',
  `CREATE TABLE inbox (consumer text NOT NULL, message_id text NOT NULL, claimed_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (consumer, message_id))`,
  'INSERT INTO inbox SELECT * FROM inbox_partitioned',
  'ALTER TABLE outbox RENAME TO outbox_partitioned',
  `CREATE TABLE outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,${OUTBOX_COLUMNS}) ${OUTBOX_STORAGE}`,
  'INSERT INTO outbox OVERRIDING SYSTEM VALUE SELECT * FROM outbox_partitioned',
  `SELECT setval(pg_get_serial_sequence('outbox', 'id'), nextval(pg_get_serial_sequence('outbox_partitioned', 'id')))`,
  'DROP TABLE inbox_partitioned, outbox_partitioned',
  'DROP FUNCTION create_partitions_ahead, create_partitions, drop_old_partitions, partition_bound',
  'DROP VIEW table_partition',
  'DROP TABLE partitioned_table',
];

/**
 * Tables in partitions by time, and the only ways to make and to drop a partition. The functions run as their owner: a service whose login owns no table
 * makes partitions ahead and drops what is over, and can do nothing else to them.
 */
export class PlatformPartitions1763650000000 implements MigrationInterface {
  readonly name = 'PlatformPartitions1763650000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      ...PARTITION_CATALOGUE,
      CREATE_PARTITIONS,
      CREATE_PARTITIONS_AHEAD,
      DROP_OLD_PARTITIONS,
      ...REVOKED,
      ...INBOX,
      ...OUTBOX,
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of UNPARTITION) await runner.query(statement);
  }
}
