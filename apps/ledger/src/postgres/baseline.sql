CREATE TABLE account (
  id        uuid PRIMARY KEY,
  name      text NOT NULL,
  opened_at timestamptz NOT NULL,
  frozen    boolean NOT NULL DEFAULT false
);

-- Free space keeps updates in their page. The reference is deferred, because a batch may open and fund an account.
CREATE TABLE balance (
  account_id uuid NOT NULL REFERENCES account DEFERRABLE INITIALLY DEFERRED,
  asset      text NOT NULL,
  posted     numeric NOT NULL DEFAULT 0,
  held       numeric NOT NULL DEFAULT 0,
  CONSTRAINT balance_covers_holds CHECK (held >= 0 AND posted >= held),
  PRIMARY KEY (account_id, asset),
  CONSTRAINT balance_in_bounds CHECK (posted < 1000000000000000000000000)
) WITH (fillfactor=60, autovacuum_vacuum_scale_factor=0.05);

-- A refused request keeps its row, so that a repeated request gets the same answer; its account may be unknown.
-- expires_at becomes NULL when the hold ends or its submission starts, which keeps hold_due small.
CREATE TABLE hold (
  withdrawal_id         uuid PRIMARY KEY,
  account_id            uuid NOT NULL,
  asset                 text NOT NULL,
  amount                numeric NOT NULL,
  state                 text NOT NULL,
  decided_at            timestamptz NOT NULL,
  closed_at             timestamptz,
  captured              numeric,
  fee                   numeric,
  venue                 text,
  entry_id              uuid,
  reason                text,
  available             numeric,
  expires_at            timestamptz,
  submission_started_at timestamptz,
  digest                text,
  assigned_to           text,
  reference             text,
  CONSTRAINT hold_state CHECK (CASE state
    WHEN 'placed' THEN amount > 0 AND num_nonnulls(closed_at, captured, fee, venue, entry_id, reason) = 0 AND (expires_at IS NULL OR submission_started_at IS NULL)
    WHEN 'captured' THEN num_nulls(closed_at, captured, fee, venue, entry_id) = 0 AND captured > 0 AND fee >= 0 AND captured + fee <= amount AND expires_at IS NULL
    WHEN 'released' THEN amount > 0 AND num_nulls(closed_at, reason) = 0 AND num_nonnulls(captured, fee, venue, entry_id, expires_at) = 0
    WHEN 'expired' THEN amount > 0 AND closed_at IS NOT NULL AND num_nonnulls(reason, captured, fee, venue, entry_id, expires_at, submission_started_at) = 0
    WHEN 'refused' THEN reason IS NOT NULL AND num_nonnulls(closed_at, captured, fee, venue, entry_id, expires_at, submission_started_at) = 0
    ELSE false
  END),
  CONSTRAINT hold_in_bounds CHECK (amount < 1000000000000000000000000)
) WITH (fillfactor=45);
CREATE INDEX hold_due ON hold (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX hold_by_state ON hold (state, withdrawal_id, account_id) WHERE state <> 'captured';
CREATE INDEX hold_ended ON hold (account_id, state, withdrawal_id) WHERE state <> 'placed';
CREATE UNIQUE INDEX hold_once_per_reference ON hold (account_id, reference) WHERE reference IS NOT NULL;

CREATE FUNCTION posting_must_balance()
 RETURNS trigger
 LANGUAGE plpgsql
AS $$
   DECLARE
     wrong record;
   BEGIN
     SELECT entry_id, asset, sum(amount) AS difference INTO wrong FROM added GROUP BY entry_id, asset HAVING sum(amount) <> 0 LIMIT 1;
     IF FOUND THEN
       RAISE EXCEPTION 'entry % is off by % %', wrong.entry_id, wrong.difference, wrong.asset USING ERRCODE = 'check_violation';
     END IF;
     RETURN NULL;
   END $$;

CREATE FUNCTION journal_only_grows()
 RETURNS trigger
 LANGUAGE plpgsql
AS $$
   BEGIN
     RAISE EXCEPTION '% of % is not allowed: the journal only grows', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
   END $$;

-- account.frozen repeats this for the batches; the invariant frozen-while-a-freeze-is-in-force compares both.
CREATE TABLE account_freeze (
  account_id uuid NOT NULL REFERENCES account,
  freeze_id  text NOT NULL,
  reason     text NOT NULL,
  frozen_at  timestamptz NOT NULL,
  lifted_at  timestamptz,
  PRIMARY KEY (account_id, freeze_id)
);

-- Free space keeps updates in their page.
CREATE TABLE chain_head (
  shard     smallint PRIMARY KEY,
  sequence  bigint NOT NULL DEFAULT 0,
  hash      bytea NOT NULL,
  published bigint NOT NULL DEFAULT 0
) WITH (fillfactor=20);

CREATE TABLE chain_link (
  shard    smallint NOT NULL,
  sequence bigint NOT NULL,
  digest   bytea NOT NULL,
  hash     bytea NOT NULL,
  entries  uuid[] NOT NULL,
  key_id   text,
  PRIMARY KEY (shard, sequence)
);

CREATE FUNCTION posting_has_entry()
 RETURNS trigger
 LANGUAGE plpgsql
AS $$
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
   END $$;

-- subject: account of a funding or transfer, withdrawal of a venue fee, entry of a reversal. The key of a capture is its hold.
CREATE TABLE entry_key (
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
  CONSTRAINT entry_once PRIMARY KEY (kind, subject, reference),
  CONSTRAINT entry_key_in_bounds CHECK (abs(amount) < 1000000000000000000000000)
);

-- effective_at: NULL if the entry counts from recorded_at.
CREATE TABLE journal_entry (
  id            uuid NOT NULL,
  kind          text NOT NULL,
  account_id    uuid NOT NULL,
  withdrawal_id uuid,
  reference     text,
  recorded_at   timestamptz NOT NULL,
  reverses      uuid,
  reason        text,
  effective_at  timestamptz,
  CONSTRAINT entry_known PRIMARY KEY (id),
  CONSTRAINT entry_kind CHECK (CASE
    WHEN kind IN ('funding', 'transfer', 'gas', 'gas_topup', 'wallet_funding') THEN reference IS NOT NULL AND withdrawal_id IS NULL AND num_nonnulls(reverses, reason) = 0
    WHEN kind IN ('capture', 'venue_fee') THEN withdrawal_id IS NOT NULL AND num_nonnulls(reverses, reason) = 0
    WHEN kind = 'reversal' THEN num_nulls(reverses, reason) = 0
    ELSE false
  END)
) PARTITION BY RANGE (id);
CREATE INDEX entry_by_account ON journal_entry (account_id, recorded_at, id);
CREATE INDEX entry_by_effect ON journal_entry (account_id, effective_at) WHERE effective_at IS NOT NULL;

CREATE TABLE posting (
  entry_id uuid NOT NULL,
  line     smallint NOT NULL,
  account  text NOT NULL,
  asset    text NOT NULL,
  amount   numeric NOT NULL,
  CONSTRAINT posting_known PRIMARY KEY (entry_id, line),
  CONSTRAINT posting_not_zero CHECK (amount <> 0),
  CONSTRAINT posting_in_bounds CHECK (abs(amount) < 1000000000000000000000000),
  CONSTRAINT posting_in_chart CHECK (split_part(account, ':', 1) IN ('customer', 'clearing', 'hot-wallet', 'fee-income', 'venue-fee', 'funding', 'suspense', 'gas-tank', 'gas'))
) PARTITION BY RANGE (entry_id);

CREATE TABLE journal_entry_default PARTITION OF journal_entry DEFAULT;

CREATE TABLE posting_default PARTITION OF posting DEFAULT;

-- until: the moment. bound: the first id that is kept. carried: entries that stay although their link is no longer verified.
CREATE TABLE checkpoint (
  until     timestamptz PRIMARY KEY,
  bound     uuid NOT NULL,
  entries   bigint NOT NULL,
  proven_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE checkpoint_head (
  until    timestamptz NOT NULL REFERENCES checkpoint (until),
  shard    smallint NOT NULL,
  sequence bigint NOT NULL,
  hash     bytea NOT NULL,
  carried  uuid[] NOT NULL,
  digest   bytea NOT NULL,
  PRIMARY KEY (until, shard)
);

CREATE TABLE checkpoint_balance (
  until   timestamptz NOT NULL REFERENCES checkpoint (until),
  account text NOT NULL,
  asset   text NOT NULL,
  sum     numeric NOT NULL,
  PRIMARY KEY (until, account, asset)
);

CREATE FUNCTION detach_journal(moment timestamptz)
 RETURNS text[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path = public, pg_temp
 SET lock_timeout TO '2s'
AS $$
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
   END $$;

-- Rows that are not folded have a mark. A position would miss a transaction that commits late.
CREATE TABLE shared_sum (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account      text NOT NULL,
  asset        text NOT NULL,
  amount       numeric NOT NULL,
  recorded_at  timestamptz NOT NULL,
  effective_at timestamptz NOT NULL,
  written_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  folded       boolean NOT NULL DEFAULT false,
  CONSTRAINT shared_sum_in_bounds CHECK (abs(amount) < 1000000000000000000000000 * 1000000000000::numeric)
);
CREATE INDEX shared_unfolded ON shared_sum (account) WHERE NOT folded;
CREATE INDEX shared_by_recorded ON shared_sum (account, recorded_at) WHERE folded;
CREATE INDEX shared_by_effective ON shared_sum (account, effective_at) WHERE folded;

CREATE TABLE shared_day (
  account text NOT NULL,
  by      text NOT NULL CHECK (by IN ('recorded', 'effective')),
  day     date NOT NULL,
  asset   text NOT NULL,
  sum     numeric NOT NULL,
  PRIMARY KEY (account, by, day, asset)
) WITH (fillfactor=50);

CREATE TABLE checkpoint_seal (
  until  timestamptz PRIMARY KEY,
  key_id text NOT NULL,
  mac    bytea NOT NULL
);

CREATE TABLE book_halt (
  id               uuid DEFAULT uuidv7() PRIMARY KEY,
  reason           text NOT NULL,
  opened_at        timestamptz NOT NULL DEFAULT now(),
  lifted_at        timestamptz,
  lifted_by        text,
  evidence         text,
  lift_approved_by text CHECK (lift_approved_by <> ''),
  CONSTRAINT lifted_by_a_person CHECK ((num_nonnulls(lifted_at, lifted_by, evidence) IN (0, 3)) AND lifted_by <> '' AND evidence <> ''),
  CONSTRAINT lifted_by_two CHECK ((lifted_at IS NULL) = (lift_approved_by IS NULL)),
  CONSTRAINT lifted_by_another_person CHECK (lower(lift_approved_by) <> lower(lifted_by))
);
CREATE UNIQUE INDEX book_halted_once ON book_halt ((lifted_at IS NULL)) WHERE lifted_at IS NULL;

CREATE TABLE money_order (
  entry_id    uuid PRIMARY KEY,
  ordered_by  text NOT NULL CHECK (ordered_by <> ''),
  approved_by text CHECK (approved_by <> ''),
  evidence    text NOT NULL CHECK (evidence <> ''),
  ordered_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT ordered_by_two_people CHECK (lower(approved_by) <> lower(ordered_by))
);

CREATE TABLE money_orders_begin (
  at timestamptz NOT NULL
);
CREATE UNIQUE INDEX money_orders_begin_once ON money_orders_begin ((true));

CREATE TABLE account_signer (
  account_id   uuid NOT NULL REFERENCES account,
  key_id       text NOT NULL CHECK (key_id <> ''),
  public_key   text NOT NULL CHECK (public_key <> ''),
  change       text NOT NULL CHECK (change IN ('added', 'revoked')),
  at           timestamptz NOT NULL,
  requested_by text NOT NULL CHECK (requested_by <> ''),
  approved_by  text,
  mac_key_id   text NOT NULL,
  mac          bytea NOT NULL,
  CHECK (lower(approved_by) <> lower(requested_by)),
  CONSTRAINT added_by_two_people CHECK (change <> 'added' OR approved_by IS NOT NULL),
  PRIMARY KEY (account_id, public_key, change, mac)
);

CREATE TABLE signed_order (
  withdrawal_id    uuid PRIMARY KEY,
  account_id       uuid NOT NULL,
  key_id           text NOT NULL,
  client_reference text,
  digest           bytea NOT NULL CHECK (octet_length(digest) = 32),
  request          json NOT NULL,
  taken_at         timestamptz NOT NULL,
  CONSTRAINT signed_order_once UNIQUE (account_id, digest)
);
CREATE UNIQUE INDEX signed_reference_once ON signed_order (account_id, key_id, client_reference);

CREATE TABLE order_case (
  withdrawal_id uuid PRIMARY KEY,
  account_id    uuid NOT NULL,
  detail        text NOT NULL,
  opened_at     timestamptz NOT NULL
);

CREATE TABLE lost_head (
  halt_id  uuid NOT NULL REFERENCES book_halt,
  shard    smallint NOT NULL,
  sequence bigint NOT NULL,
  hash     bytea NOT NULL,
  seen_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shard, sequence, hash, halt_id)
);

CREATE TRIGGER state_is_final BEFORE UPDATE ON hold
  FOR EACH ROW WHEN (old.state <> 'placed') EXECUTE FUNCTION state_is_final();
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON chain_link
  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON entry_key
  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON posting
  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER posting_must_balance AFTER INSERT ON posting REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION posting_must_balance();
CREATE TRIGGER posting_has_entry AFTER INSERT ON posting REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION posting_has_entry();
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoint_head
  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoint_balance
  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoint_seal
  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON money_order
  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON money_orders_begin
  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER only_grows BEFORE UPDATE OR TRUNCATE ON account_signer
  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER stays BEFORE DELETE ON account_signer
  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER only_grows BEFORE UPDATE OR TRUNCATE ON signed_order
  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER only_grows BEFORE UPDATE OR TRUNCATE ON order_case
  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();

-- Every partition of the journal is sealed: its rows are only read, and a withdrawal has one entry of a kind. Over all partitions, the hold and
-- entry_key keep entries unique.
INSERT INTO partitioned_table (name, key_column, key_kind, step, ahead, seal) VALUES
  ('journal_entry', 'id', 'uuid', 'month', 2, ARRAY[
    'CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON %1$I FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows()',
    'REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %1$I FROM CURRENT_USER',
    'CREATE UNIQUE INDEX ON %1$I (withdrawal_id, kind, reverses, reference) NULLS NOT DISTINCT WHERE withdrawal_id IS NOT NULL']),
  ('posting', 'entry_id', 'uuid', 'month', 2, ARRAY[
    'CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON %1$I FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows()',
    'REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %1$I FROM CURRENT_USER']);
DO $$
  DECLARE
    sealed record; sealing text;
  BEGIN
    FOR sealed IN SELECT name, seal FROM partitioned_table LOOP
      FOREACH sealing IN ARRAY sealed.seal LOOP EXECUTE format(sealing, sealed.name || '_default'); END LOOP;
    END LOOP;
  END $$;
SELECT create_partitions(name, now(), now() + interval '2 months') FROM partitioned_table WHERE step = 'month' ORDER BY name;

-- The owner of the tables also loses the right to change the book. A foreign key of the checkpoints needs UPDATE on checkpoint.
REVOKE UPDATE, DELETE, TRUNCATE ON journal_entry, posting, entry_key, chain_link, checkpoint_head, checkpoint_balance, checkpoint_seal, money_order, money_orders_begin FROM CURRENT_USER;
REVOKE DELETE, TRUNCATE ON checkpoint FROM CURRENT_USER;

INSERT INTO money_orders_begin VALUES (clock_timestamp());
