CREATE TABLE dead_letter (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic             text NOT NULL,
  partition         integer NOT NULL,
  "offset"          bigint NOT NULL,
  key               text,
  headers           jsonb NOT NULL,
  value             text NOT NULL,
  encoding          text NOT NULL CHECK (encoding IN ('utf8', 'base64')),
  cause             text NOT NULL,
  dead_lettered_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  replayed_at       timestamptz,
  dismissed_at      timestamptz,
  dismissed_by      text CHECK (dismissed_by <> ''),
  dismissed_because text CHECK (dismissed_because <> ''),
  UNIQUE (topic, partition, "offset"),
  CONSTRAINT dismissed_with_reason CHECK (num_nulls(dismissed_at, dismissed_by, dismissed_because) IN (0, 3)),
  CONSTRAINT replayed_or_dismissed CHECK (replayed_at IS NULL OR dismissed_at IS NULL)
);

CREATE TABLE partitioned_table (
  name       text PRIMARY KEY,
  key_column text NOT NULL,
  key_kind   text NOT NULL CHECK (key_kind IN ('uuid', 'text', 'time')),
  step       text NOT NULL CHECK (step IN ('day', 'month')),
  ahead      integer NOT NULL CHECK (ahead > 0),
  keep       interval,
  only_empty boolean NOT NULL DEFAULT false,
  storage    text NOT NULL DEFAULT '',
  seal       text[] NOT NULL DEFAULT '{}'::text[]
);

CREATE VIEW table_partition AS
  SELECT p.name AS parent, c.relname::text AS name, span.lower, span.lower + ('1 ' || p.step)::interval AS upper
    FROM partitioned_table p
    JOIN pg_inherits i ON i.inhparent = to_regclass(p.name)
    JOIN pg_class c ON c.oid = i.inhrelid AND c.relname ~ '_[0-9]{6,8}$',
    LATERAL (SELECT to_date(rpad(substring(c.relname::text, '[0-9]+$'), 8, '01'), 'YYYYMMDD')::timestamp AS lower) AS span;

CREATE FUNCTION partition_bound(kind text, at timestamp) RETURNS text
  LANGUAGE sql IMMUTABLE AS $$
     SELECT CASE kind
              WHEN 'time' THEN to_char(at, 'YYYY-MM-DD HH24:MI:SS"+00"')
              WHEN 'uuid' THEN rpad(hex, 32, '0')::uuid::text
              ELSE left(rpad(hex, 32, '0')::uuid::text, 13) END
       FROM lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') AS hex $$;

CREATE FUNCTION create_partitions(wanted text, since timestamptz, until timestamptz) RETURNS text[]
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout TO '5s' AS $$
  DECLARE
    plan partitioned_table; lower timestamp; upper timestamp; child text; bounds text[]; taken boolean; sealing text; made text[] := '{}';
  BEGIN
    SELECT * INTO STRICT plan FROM partitioned_table WHERE name = wanted;
    PERFORM pg_advisory_xact_lock(7315003);
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
  END $$;

CREATE FUNCTION create_partitions_ahead() RETURNS text[]
  LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(made.name ORDER BY made.name), '{}')
      FROM partitioned_table p, unnest(create_partitions(p.name, now(), now() + (p.ahead || ' ' || p.step)::interval)) AS made (name) $$;

CREATE FUNCTION drop_old_partitions() RETURNS text[]
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout TO '1s' AS $$
  DECLARE
    old record; filled boolean; dropped text[] := '{}';
  BEGIN
    PERFORM pg_advisory_xact_lock(7315003);
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
  END $$;

-- message_id has byte order (COLLATE "C"), so that ids sort by time. Claims are kept for 14 days, twice the default retention of a topic.
CREATE TABLE inbox (
  consumer   text NOT NULL,
  message_id text COLLATE "C" NOT NULL,
  claimed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT inbox_once PRIMARY KEY (consumer, message_id)
) PARTITION BY RANGE (message_id);

CREATE TABLE inbox_default PARTITION OF inbox DEFAULT;

-- publisher: process that publishes the row; NULL while the row waits behind an older row of the same withdrawal. messages: compressed JSON.
-- The table is partitioned, because dropping a partition frees dead rows that a long snapshot keeps from VACUUM.
CREATE TABLE outbox (
  id         bigint GENERATED ALWAYS AS IDENTITY,
  publisher  uuid,
  keys       text[] NOT NULL,
  messages   bytea STORAGE EXTERNAL NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  touched_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT outbox_once PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);

CREATE TABLE outbox_default PARTITION OF outbox DEFAULT WITH (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=2000);

CREATE TABLE skipped_batch (
  topic       text NOT NULL,
  partition   integer NOT NULL,
  "offset"    bigint NOT NULL,
  decided_by  text NOT NULL CHECK (decided_by <> ''),
  evidence    text NOT NULL CHECK (evidence <> ''),
  decided_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  skipped_at  timestamptz,
  next_offset bigint,
  cause       text,
  bytes       bytea,
  CHECK ((skipped_at IS NULL) = (bytes IS NULL)),
  PRIMARY KEY (topic, partition, "offset")
);

-- Free space keeps updates in the page of the row.
CREATE TABLE readiness_probe (
  only_row  boolean DEFAULT true CHECK (only_row) PRIMARY KEY,
  probed_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor=10);

CREATE TABLE retention (
  single        boolean DEFAULT true CHECK (single) PRIMARY KEY,
  cutoff        timestamptz NOT NULL,
  cutoff_set_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- removes: false for a rule that only copies rows.
CREATE TABLE retention_rule (
  position          integer PRIMARY KEY,
  name              text NOT NULL,
  removes           boolean NOT NULL,
  ends_in_key_order boolean NOT NULL,
  statement         text NOT NULL
);

CREATE VIEW retention_effective AS
  SELECT cutoff, cutoff_set_at < clock_timestamp() - interval '2 minutes' AS is_effective FROM retention;

CREATE FUNCTION set_retention_cutoff(days integer) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
   BEGIN
     IF days IS NULL OR days < 30 THEN
       RAISE EXCEPTION 'rows are kept for 30 days at least, not %', days USING ERRCODE = 'invalid_parameter_value';
     END IF;
     INSERT INTO retention (cutoff) VALUES (clock_timestamp() - make_interval(days => days))
     ON CONFLICT (single) DO UPDATE SET cutoff = greatest(retention.cutoff, excluded.cutoff), cutoff_set_at = clock_timestamp();
   END $$;

CREATE FUNCTION sweep_step(rule integer, after text, at_most integer, OUT scanned integer, OUT removed integer, OUT last text) RETURNS record
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
   DECLARE
     step text; before timestamptz;
   BEGIN
     SELECT cutoff INTO before FROM retention_effective WHERE is_effective;
     IF NOT FOUND THEN
       RAISE EXCEPTION 'the retention cutoff was set only just now' USING ERRCODE = 'object_not_in_prerequisite_state';
     END IF;
     SELECT statement INTO STRICT step FROM retention_rule WHERE position = rule;
     EXECUTE step INTO scanned, removed, last USING before, after, at_most;
   END $$;

CREATE FUNCTION purge_inbox() RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    purged integer;
  BEGIN
    DELETE FROM inbox_default WHERE (consumer, message_id) IN (
      SELECT consumer, message_id FROM inbox_default WHERE claimed_at < now() - interval '14 days' LIMIT 5000);
    GET DIAGNOSTICS purged = ROW_COUNT;
    RETURN purged;
  END $$;

CREATE FUNCTION state_is_final() RETURNS trigger
  LANGUAGE plpgsql AS $$
  BEGIN
    IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a row of % does not go from % to %', TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END $$;

CREATE TABLE set_aside_row (
  id           bigint PRIMARY KEY,
  keys         text[],
  messages     bytea,
  created_at   timestamptz,
  cause        text NOT NULL,
  set_aside_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- status: NULL in the entry written before a call changes something; the answer is another entry with the same call_id.
CREATE TABLE audit_entry (
  sequence     bigint CHECK (sequence > 0) PRIMARY KEY,
  call_id      uuid NOT NULL,
  at           timestamptz NOT NULL,
  service      text NOT NULL,
  caller_kind  text NOT NULL CHECK (caller_kind IN ('person', 'service', 'nobody')),
  caller_name  text NOT NULL,
  caller_roles text[] NOT NULL,
  remote       text NOT NULL,
  method       text NOT NULL,
  route        text NOT NULL,
  target       text NOT NULL,
  body_digest  bytea NOT NULL CHECK (octet_length(body_digest) = 32),
  summary      text NOT NULL,
  status       integer CHECK (status BETWEEN 100 AND 599),
  refusal      text,
  key_id       text NOT NULL,
  hash         bytea NOT NULL CHECK (octet_length(hash) = 32)
);
CREATE INDEX audit_entry_call ON audit_entry (call_id);

CREATE FUNCTION refuse_change_of_evidence() RETURNS trigger
  LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '% is evidence: nothing in it is changed or removed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
      END $$;

-- Arguments of the trigger: the column with the time, and the tolerance. The owner's login restores and repairs rows.
CREATE FUNCTION refuse_backdating() RETURNS trigger
  LANGUAGE plpgsql AS $$
  BEGIN
    IF (to_jsonb(NEW) ->> TG_ARGV[0])::timestamptz < clock_timestamp() - TG_ARGV[1]::interval AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
      RAISE EXCEPTION '% of % cannot be backdated', TG_ARGV[0], TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
  END $$;

-- request: canonical JSON. digest: SHA-256 of action, target and request. request_seal covers the id, and therefore follows in another statement of the same transaction.
CREATE TABLE approval (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  action         text NOT NULL,
  target         text NOT NULL,
  request        text NOT NULL,
  digest         bytea NOT NULL CHECK (octet_length(digest) = 32),
  requested_by   text NOT NULL CHECK (requested_by <> ''),
  requested_with text,
  requested_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  request_seal   text,
  expires_at     timestamptz NOT NULL DEFAULT (clock_timestamp() + interval '24 hours'),
  approved_by    text,
  approved_with  text,
  approver_roles text[],
  approved_at    timestamptz,
  approval_seal  text,
  voided_by      text,
  voided_at      timestamptz,
  CONSTRAINT approved_by_another_person CHECK (lower(approved_by) <> lower(requested_by)),
  CONSTRAINT approved_with_another_passkey CHECK (approved_with <> requested_with),
  CONSTRAINT approved_with_the_role CHECK (approved_by IS NULL OR (('approve' = ANY (approver_roles)) IS TRUE)),
  CONSTRAINT approved_in_time CHECK (approved_at < expires_at),
  CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CHECK ((voided_by IS NULL) = (voided_at IS NULL)),
  CHECK (approved_at IS NULL OR voided_at IS NULL),
  CHECK (approved_with IS NULL OR approved_at IS NOT NULL)
);
CREATE UNIQUE INDEX approval_awaited ON approval (action, target) WHERE approved_at IS NULL AND voided_at IS NULL;

-- Proofs of passkeys that took part in a decision: none counts twice. challenge: SHA-256 of call, in base64url. assertion: answer of the browser, whose signature covers the challenge.
CREATE TABLE passkey_proof (
  credential_id text NOT NULL,
  challenge     text NOT NULL,
  call          text NOT NULL,
  assertion     jsonb NOT NULL,
  used_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (credential_id, challenge)
);

CREATE FUNCTION refuse_change_of_approval() RETURNS trigger
  LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.approved_at IS NOT NULL OR OLD.voided_at IS NOT NULL THEN
          RAISE EXCEPTION 'approval % has ended: nothing in it is changed', OLD.id USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF (OLD.id, OLD.action, OLD.target, OLD.request, OLD.digest, OLD.requested_by, OLD.requested_with, OLD.requested_at, OLD.expires_at)
           IS DISTINCT FROM
           (NEW.id, NEW.action, NEW.target, NEW.request, NEW.digest, NEW.requested_by, NEW.requested_with, NEW.requested_at, NEW.expires_at) THEN
          RAISE EXCEPTION 'what approval % is about cannot be changed', OLD.id USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
      END $$;

CREATE TRIGGER audit_entry_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_evidence();
CREATE TRIGGER approval_keeps_its_content BEFORE UPDATE ON approval
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_approval();
CREATE TRIGGER passkey_proof_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON passkey_proof
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_evidence();
CREATE TRIGGER approval_is_evidence BEFORE DELETE OR TRUNCATE ON approval
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_evidence();

INSERT INTO partitioned_table (name, key_column, key_kind, step, ahead, keep, only_empty, storage) VALUES
  ('inbox', 'message_id', 'text', 'day', 2, '14 days', false, ''),
  ('outbox', 'created_at', 'time', 'day', 1, '1 hour', true, 'WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)');
SELECT create_partitions('inbox', now() - interval '14 days', now() + interval '2 days'), create_partitions('outbox', now(), now() + interval '1 day');

INSERT INTO readiness_probe DEFAULT VALUES;
