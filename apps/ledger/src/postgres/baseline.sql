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
-- expires_at becomes NULL when the hold ends or its submission starts, which keeps hold_due small. end_lock is a digest of the key with which alone
-- the hold ends; the login has no key. A hold that waits for people has no venue.
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
  venue_fee             numeric,
  venue                 text,
  entry_id              uuid,
  reason                text,
  available             numeric,
  expires_at            timestamptz,
  submission_started_at timestamptz,
  digest                text,
  reference             text,
  assigned_to           text,
  assigned_at           timestamptz,
  policy_version        integer NOT NULL,
  payout                numeric NOT NULL,
  key_id                text,
  recipient             text,
  price_eur             numeric,
  policy_detail         jsonb,
  approval_grant        text,
  end_lock              text,
  end_key               text,
  release_proof         text,
  CONSTRAINT hold_state CHECK (CASE state
    WHEN 'placed' THEN amount > 0 AND num_nonnulls(closed_at, captured, fee, venue_fee, venue, entry_id, reason) = 0 AND (expires_at IS NULL OR submission_started_at IS NULL)
    WHEN 'captured' THEN num_nulls(closed_at, captured, fee, venue, entry_id) = 0 AND captured > 0 AND fee >= 0 AND captured + fee <= amount AND coalesce(venue_fee > 0, true) AND expires_at IS NULL
    WHEN 'released' THEN amount > 0 AND num_nulls(closed_at, reason) = 0 AND num_nonnulls(captured, fee, venue_fee, venue, entry_id, expires_at) = 0
    WHEN 'expired' THEN amount > 0 AND closed_at IS NOT NULL AND num_nonnulls(reason, captured, fee, venue_fee, venue, entry_id, expires_at, submission_started_at) = 0
    WHEN 'refused' THEN reason IS NOT NULL AND num_nonnulls(closed_at, captured, fee, venue_fee, venue, entry_id, expires_at, submission_started_at) = 0
    ELSE false
  END),
  CONSTRAINT hold_with_its_key CHECK (CASE state
    WHEN 'refused' THEN end_lock IS NULL
    WHEN 'placed' THEN coalesce(end_lock, '') <> ''
    ELSE coalesce(left(encode(sha256(decode(end_key, 'hex')), 'hex'), 32) = substr(end_lock, 17), false)
  END),
  CONSTRAINT hold_waits_at_no_venue CHECK (
    approval_grant IS NOT NULL OR assigned_to IS NULL OR policy_detail IS NULL OR NOT policy_detail ? 'approval'
  ),
  CONSTRAINT hold_in_bounds CHECK (amount < 1000000000000000000000000)
) WITH (fillfactor=45);
CREATE INDEX hold_due ON hold (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX hold_by_state ON hold (state, withdrawal_id, account_id) WHERE state <> 'captured';
CREATE INDEX hold_unpaid ON hold (account_id, state, withdrawal_id) WHERE state NOT IN ('placed', 'captured');
-- Holds without a reference are in it too: it finds the captured holds of an account, and so the capture of a hold needs no entry of its own.
CREATE UNIQUE INDEX hold_once_per_reference ON hold (account_id, reference);

CREATE FUNCTION lines_balance(assets text[], amounts numeric[])
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE
AS $$
   BEGIN
     RETURN NOT EXISTS (SELECT FROM unnest(assets, amounts) AS l(asset, amount) GROUP BY asset HAVING sum(amount) <> 0);
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

-- The newest entry of each chain, and the lock of the chain. Free space keeps updates in their page.
CREATE TABLE chain_head (
  shard     smallint PRIMARY KEY,
  sequence  bigint NOT NULL DEFAULT 0,
  hash      bytea NOT NULL,
  published bigint NOT NULL DEFAULT 0
) WITH (fillfactor=20);

CREATE FUNCTION reversal_has_entry()
 RETURNS trigger
 LANGUAGE plpgsql
AS $$
   BEGIN
     IF NOT EXISTS (SELECT FROM journal_entry WHERE id = NEW.reverses AND (NEW.reference IS NULL OR kind = 'capture')) THEN
       RAISE EXCEPTION 'reversal of no entry: %', NEW.reverses USING ERRCODE = 'foreign_key_violation';
     END IF;
     RETURN NULL;
   END $$;

-- subject: account of a funding or transfer, withdrawal of a later venue fee, entry of a reversal, whose reference names the lines. The key of a capture,
-- and of the venue's fee in it, is its hold.
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

-- The fee of a capture has no key here: this keeps a second fee from standing beside it. No other key pays for the check.
CREATE FUNCTION venue_fee_stands_alone()
 RETURNS trigger
 LANGUAGE plpgsql
AS $$
   BEGIN
     IF EXISTS (SELECT FROM hold h WHERE h.withdrawal_id = NEW.subject AND h.venue_fee IS NOT NULL
                   AND (NEW.reference = '' OR NOT EXISTS (SELECT FROM entry_key r WHERE r.kind = 'reversal' AND r.subject = h.entry_id AND r.reference = 'venue_fee'))) THEN
       RAISE EXCEPTION 'the capture of withdrawal % has the venue fee', NEW.subject USING ERRCODE = 'unique_violation', CONSTRAINT = 'venue_fee_stands_alone';
     END IF;
     RETURN NULL;
   END $$;

-- effective_at: NULL if the entry counts from recorded_at. accounts, assets, amounts: the lines of the entry, which the view posting has as rows.
-- shard, sequence: its place in a hash chain. mac: under the key key_id, over the place, the MAC of the entry before, and the entry.
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
  accounts      text[] NOT NULL DEFAULT '{}',
  assets        text[] NOT NULL DEFAULT '{}',
  amounts       numeric[] NOT NULL DEFAULT '{}',
  shard         smallint NOT NULL,
  sequence      bigint NOT NULL,
  key_id        text NOT NULL,
  mac           bytea NOT NULL,
  CONSTRAINT entry_known PRIMARY KEY (id),
  CONSTRAINT entry_has_lines CHECK (cardinality(amounts) >= 2 AND cardinality(accounts) = cardinality(amounts) AND cardinality(assets) = cardinality(amounts)
    AND num_nonnulls(array_position(accounts, NULL), array_position(assets, NULL), array_position(amounts, NULL)) = 0),
  CONSTRAINT entry_balances CHECK (lines_balance(assets, amounts)),
  CONSTRAINT posting_not_zero CHECK (0 <> ALL (amounts)),
  CONSTRAINT posting_in_bounds CHECK (1000000000000000000000000 > ALL (amounts) AND -1000000000000000000000000 < ALL (amounts)),
  CONSTRAINT posting_in_chart CHECK (
    cardinality(string_to_array(array_to_string(accounts, ','), ',')) = cardinality(accounts)
    AND array_to_string(accounts, ',') ~ '^((customer|clearing|hot-wallet|fee-income|venue-fee|funding|suspense|gas-tank|gas)(:[^,]*)?(,|$))+$'
  ),
  CONSTRAINT entry_kind CHECK (CASE
    WHEN kind IN ('funding', 'transfer', 'gas', 'gas_topup', 'wallet_funding') THEN reference IS NOT NULL AND withdrawal_id IS NULL AND num_nonnulls(reverses, reason) = 0
    WHEN kind IN ('capture', 'venue_fee', 'return') THEN withdrawal_id IS NOT NULL AND num_nonnulls(reverses, reason) = 0
    WHEN kind = 'reversal' THEN num_nulls(reverses, reason) = 0 AND coalesce(reference, 'venue_fee') = 'venue_fee'
    ELSE false
  END)
) PARTITION BY RANGE (id);
CREATE INDEX entry_by_account ON journal_entry (account_id, recorded_at, id);
CREATE INDEX entry_by_effect ON journal_entry (account_id, effective_at) WHERE effective_at IS NOT NULL;
-- Ranges of pages instead of rows: an insert writes no entry.
CREATE INDEX entry_by_time ON journal_entry USING brin (recorded_at) WITH (autosummarize = on, pages_per_range = 32);

CREATE TABLE journal_entry_default PARTITION OF journal_entry DEFAULT;

CREATE VIEW posting WITH (security_invoker = true) AS
  SELECT e.id AS entry_id, l.line::smallint AS line, l.account, l.asset, l.amount
    FROM journal_entry e CROSS JOIN LATERAL unnest(e.accounts, e.assets, e.amounts) WITH ORDINALITY AS l(account, asset, amount, line);

-- until: the moment. bound: the first id that is kept. digest of a head: of the entries up to it that stay.
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

-- Sums of house accounts up to the folded entry of each chain. The entries of a chain have no gap and commit in their order, so that no late commit is
-- missed. A moment is the days before it, the minutes of its day, and the lines of its minute.
CREATE TABLE shared_position (
  shard    smallint PRIMARY KEY,
  sequence bigint NOT NULL DEFAULT 0
) WITH (fillfactor=20);

CREATE TABLE shared_minute (
  account text NOT NULL,
  by      text NOT NULL CHECK (by IN ('recorded', 'effective')),
  minute  timestamptz NOT NULL,
  asset   text NOT NULL,
  sum     numeric NOT NULL,
  CONSTRAINT shared_minute_in_bounds CHECK (abs(sum) < 1000000000000000000000000 * 1000000000000::numeric),
  PRIMARY KEY (account, by, minute, asset)
) WITH (fillfactor=50);

CREATE TABLE shared_day (
  account text NOT NULL,
  by      text NOT NULL CHECK (by IN ('recorded', 'effective')),
  day     date NOT NULL,
  asset   text NOT NULL,
  sum     numeric NOT NULL,
  CONSTRAINT shared_day_in_bounds CHECK (abs(sum) < 1000000000000000000000000 * 1000000000000::numeric),
  PRIMARY KEY (account, by, day, asset)
) WITH (fillfactor=50);

-- Lines of house accounts in the entries of a chain after a number. The OFFSET keeps a look-up per chain: no plan reads the whole journal.
CREATE FUNCTION shared_lines(of_shard smallint, after bigint, until bigint)
 RETURNS TABLE (entry_id uuid, account text, asset text, amount numeric, recorded_at timestamptz, effective_at timestamptz)
 LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT e.id, p.account, p.asset, p.amount, e.recorded_at, coalesce(e.effective_at, e.recorded_at)
    FROM (SELECT * FROM journal_entry WHERE shard = of_shard AND sequence > after AND sequence <= until ORDER BY sequence OFFSET 0) AS e
   CROSS JOIN LATERAL unnest(e.accounts, e.assets, e.amounts) AS p(account, asset, amount)
   WHERE p.account NOT LIKE 'customer:%';
END;

CREATE VIEW shared_unfolded WITH (security_invoker = true) AS
  SELECT l.* FROM shared_position p CROSS JOIN LATERAL shared_lines(p.shard, p.sequence, 9223372036854775807) AS l;

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
     IF EXISTS (SELECT FROM shared_unfolded WHERE entry_id < proven.bound) THEN
       RAISE EXCEPTION 'entries before % are not folded', moment USING ERRCODE = 'object_not_in_prerequisite_state';
     END IF;
     FOR leaving IN SELECT name FROM table_partition WHERE parent = 'journal_entry' AND upper <= moment AT TIME ZONE 'UTC' ORDER BY name LOOP
       EXECUTE format('LOCK TABLE %I IN SHARE MODE', leaving.name);
       EXECUTE format('SELECT count(*) FROM %I', leaving.name) INTO n;
       counted := counted + n;
       EXECUTE format('SELECT coalesce(jsonb_agg(s), %L) FROM (SELECT account, asset, sum(amount)
         FROM %I, unnest(accounts, assets, amounts) AS l(account, asset, amount) GROUP BY 1, 2) AS s', '[]', leaving.name) INTO more;
       sums := sums || more;
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
     FOR leaving IN SELECT name FROM table_partition WHERE parent = 'journal_entry' AND upper <= moment AT TIME ZONE 'UTC' ORDER BY name LOOP
       EXECUTE format('ALTER TABLE journal_entry DETACH PARTITION %I', leaving.name);
       detached := detached || leaving.name;
     END LOOP;
     DELETE FROM shared_minute WHERE minute < moment;
     RETURN detached;
   END $$;

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
  end_seal         text,
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

-- The sums of the last day are over orders by one person.
CREATE INDEX money_order_by_one_person ON money_order (ordered_at) WHERE approved_by IS NULL;

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

-- Spending policy: published rule sets. follows: the version that the publisher had read.
CREATE TABLE policy_set (
  version      integer PRIMARY KEY CHECK (version > 0),
  follows      integer NOT NULL,
  document     text NOT NULL,
  has_rules    boolean NOT NULL,
  starts_at    timestamptz NOT NULL,
  published_at timestamptz NOT NULL,
  requested_by text NOT NULL,
  approved_by  text NOT NULL,
  seal         text NOT NULL,
  CONSTRAINT policy_set_by_two_people CHECK (requested_by <> approved_by),
  CONSTRAINT policy_set_starts_after_its_publishing CHECK (starts_at >= published_at)
);

CREATE TABLE policy_meter (
  id        text PRIMARY KEY,
  accounts  text[],
  keys      text[],
  assets    text[],
  venues    text[],
  per       text[] NOT NULL,
  unit      text NOT NULL CHECK (unit IN ('asset', 'EUR', 'payments')),
  period    text NOT NULL CHECK (period IN ('hour', 'day', '30_days', 'lifetime', 'calendar_day')),
  time_zone text,
  prices    jsonb NOT NULL
);

-- PostgreSQL alone keeps the counters: triggers with the owner's rights count each change of a hold. The login only reads, and can lower no counter,
-- because a hold ends only with its key. Free space keeps updates in their page.
CREATE TABLE policy_counter (
  meter  text NOT NULL,
  key    text NOT NULL,
  bucket timestamptz NOT NULL,
  used   numeric NOT NULL,
  PRIMARY KEY (meter, key, bucket)
) WITH (fillfactor=50);

CREATE TABLE policy_price (
  asset        text NOT NULL,
  at           timestamptz NOT NULL,
  eur          numeric NOT NULL CHECK (eur > 0),
  requested_by text NOT NULL,
  approved_by  text CHECK (approved_by <> requested_by),
  seal         text NOT NULL,
  PRIMARY KEY (asset, at)
);

-- Counts of one hold by all meters: the only definition of what a meter counts. A function instead of a view alone: triggers apply it to the versions
-- of a row before and after a change. PostgreSQL inlines the function.
CREATE FUNCTION policy_uses(h hold) RETURNS TABLE (meter text, key text, bucket timestamptz, used numeric) LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT m.id,
         concat_ws(' ',
           CASE WHEN m.unit = 'asset' THEN h.asset END,
           CASE WHEN 'account' = ANY (m.per) THEN h.account_id::text END,
           CASE WHEN 'key' = ANY (m.per) THEN h.key_id END,
           CASE WHEN 'asset' = ANY (m.per) THEN h.asset END,
           CASE WHEN 'destination' = ANY (m.per) THEN h.recipient END,
           CASE WHEN 'venue' = ANY (m.per) THEN t.venue END),
         CASE m.period
           WHEN 'hour' THEN date_trunc('minute', t.at, 'UTC')
           WHEN 'day' THEN date_trunc('hour', t.at, 'UTC')
           WHEN '30_days' THEN date_trunc('day', t.at, 'UTC')
           WHEN 'calendar_day' THEN date_trunc('day', t.at AT TIME ZONE m.time_zone) AT TIME ZONE 'UTC'
           ELSE to_timestamp(0) END,
         CASE m.unit
           WHEN 'payments' THEN 1
           WHEN 'EUR' THEN ceil(t.paid * t.price * 100000000) / 100000000
           ELSE t.paid END
    FROM policy_meter m
   CROSS JOIN LATERAL (SELECT
           CASE WHEN m.venues IS NOT NULL OR 'venue' = ANY (m.per) THEN coalesce(h.assigned_at, h.decided_at) ELSE h.decided_at END AS at,
           CASE WHEN h.state = 'captured' THEN h.captured ELSE h.payout END AS paid,
           coalesce(h.assigned_to, h.policy_detail -> 'approval' ->> 'venue') AS venue,
           coalesce(h.price_eur, (m.prices ->> h.asset)::numeric) AS price) AS t
   WHERE h.state IN ('placed', 'captured')
     AND (m.accounts IS NULL OR h.account_id::text = ANY (m.accounts))
     AND (m.keys IS NULL OR h.key_id = ANY (m.keys))
     AND (m.assets IS NULL OR h.asset = ANY (m.assets))
     AND (h.key_id IS NOT NULL OR NOT 'key' = ANY (m.per))
     AND (h.recipient IS NOT NULL OR NOT 'destination' = ANY (m.per))
     AND (m.venues IS NULL OR t.venue = ANY (m.venues))
     AND (t.venue IS NOT NULL OR NOT 'venue' = ANY (m.per))
     AND (m.unit <> 'EUR' OR t.paid * t.price < 1000000000000000000000000);
END;

CREATE VIEW policy_use AS
  SELECT u.meter, h.withdrawal_id, u.key, u.bucket, u.used FROM hold h CROSS JOIN LATERAL policy_uses(h) AS u;

-- A limit per venue counts a hold at the time of its assignment. An earlier time would move the hold out of the window, so PostgreSQL refuses it, with
-- or without meters.
CREATE FUNCTION hold_is_assigned_later() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     RAISE EXCEPTION 'hold % was assigned to its venue before its last assignment: the clock of the ledger went back', NEW.withdrawal_id
       USING ERRCODE = '57H03';
   END $$;

CREATE FUNCTION hold_is_counted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
   BEGIN
     IF TG_OP = 'INSERT' THEN
       INSERT INTO policy_counter AS c (meter, key, bucket, used)
       SELECT u.meter, u.key, u.bucket, sum(u.used) FROM after_change AS a CROSS JOIN LATERAL policy_uses(ROW (a.*)::hold) AS u
        GROUP BY u.meter, u.key, u.bucket ORDER BY u.meter, u.key, u.bucket
       ON CONFLICT (meter, key, bucket) DO UPDATE SET used = c.used + excluded.used;
       RETURN NULL;
     END IF;
     INSERT INTO policy_counter AS c (meter, key, bucket, used)
     SELECT meter, key, bucket, sum(used)
       FROM (SELECT u.* FROM after_change AS a CROSS JOIN LATERAL policy_uses(ROW (a.*)::hold) AS u
             UNION ALL
             SELECT u.meter, u.key, u.bucket, -u.used FROM before_change AS b CROSS JOIN LATERAL policy_uses(ROW (b.*)::hold) AS u) AS changes
      GROUP BY meter, key, bucket HAVING sum(used) <> 0 ORDER BY meter, key, bucket
     ON CONFLICT (meter, key, bucket) DO UPDATE SET used = c.used + excluded.used;
     RETURN NULL;
   END $$;

-- Batches share this lock until they end, so that no hold misses a new meter or a removed one.
CREATE FUNCTION meters_change_between_batches() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     PERFORM pg_advisory_xact_lock(hashtextextended('spending policy', 0));
     RETURN NULL;
   END $$;

-- The triggers that count holds are enabled while a meter exists. Enabling waits for each writer of a hold, and then the counters are filled.
CREATE FUNCTION meter_has_counters() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
   DECLARE
     has_meter boolean := EXISTS (SELECT FROM policy_meter);
   BEGIN
     EXECUTE format('ALTER TABLE hold %1$s TRIGGER hold_is_counted_when_placed, %1$s TRIGGER hold_is_counted_when_changed',
       CASE WHEN has_meter THEN 'ENABLE' ELSE 'DISABLE' END);
     IF TG_OP = 'INSERT' THEN
       INSERT INTO policy_counter (meter, key, bucket, used)
       SELECT u.meter, u.key, u.bucket, sum(u.used) FROM policy_use AS u
        WHERE u.meter IN (SELECT id FROM changed) AND (u.bucket > clock_timestamp() - interval '32 days' OR u.bucket = to_timestamp(0))
        GROUP BY u.meter, u.key, u.bucket;
     ELSE
       DELETE FROM policy_counter WHERE meter IN (SELECT id FROM changed);
       DELETE FROM policy_counter WHERE bucket < clock_timestamp() - interval '40 days' AND bucket > to_timestamp(0);
     END IF;
     RETURN NULL;
   END $$;

CREATE TABLE passkey (
  credential_id text PRIMARY KEY,
  person        text NOT NULL,
  public_key    text NOT NULL,
  uses          bigint NOT NULL DEFAULT 0,
  added_at      timestamptz NOT NULL,
  usable_at     timestamptz NOT NULL CHECK (usable_at >= added_at),
  approved_by   text NOT NULL,
  seal          text NOT NULL,
  CONSTRAINT passkey_by_two_people CHECK (approved_by <> person)
);

CREATE TABLE passkey_revocation (
  credential_id text PRIMARY KEY REFERENCES passkey,
  revoked_at    timestamptz NOT NULL,
  revoked_by    text NOT NULL
);

-- Payments that wait for people. The database admits a grant only with the quorum of the case, and only from distinct people.
CREATE TABLE approval_case (
  withdrawal_id  uuid NOT NULL,
  round          integer NOT NULL CHECK (round > 0),
  account_id     uuid NOT NULL,
  policy_version integer NOT NULL,
  content        text NOT NULL,
  digest         text NOT NULL,
  quorums        jsonb NOT NULL,
  request        text NOT NULL,
  asked_at       timestamptz NOT NULL,
  expires_at     timestamptz NOT NULL,
  seal           text NOT NULL,
  outcome        text CHECK (outcome IN ('granted', 'refused', 'expired', 'cancelled', 'denied', 'replaced')),
  ended_at       timestamptz,
  PRIMARY KEY (withdrawal_id, round),
  CONSTRAINT approval_case_ends_once CHECK ((outcome IS NULL) = (ended_at IS NULL))
);
CREATE UNIQUE INDEX approval_case_open ON approval_case (withdrawal_id) WHERE outcome IS NULL;
CREATE INDEX approval_case_over ON approval_case (expires_at) WHERE outcome IS NULL;
CREATE INDEX approval_case_newest ON approval_case (asked_at DESC);

CREATE TABLE approval_vote (
  withdrawal_id uuid NOT NULL,
  round         integer NOT NULL,
  person        text NOT NULL,
  decision      text NOT NULL CHECK (decision IN ('approve', 'refuse')),
  groups        text[] NOT NULL CHECK (cardinality(groups) > 0),
  reason        text,
  credential_id text REFERENCES passkey,
  voted_at      timestamptz NOT NULL,
  seal          text NOT NULL,
  FOREIGN KEY (withdrawal_id, round) REFERENCES approval_case
);
CREATE UNIQUE INDEX approval_vote_once_per_person ON approval_vote (withdrawal_id, round, decision, lower(person));

CREATE FUNCTION approval_case_has_its_quorum() RETURNS trigger LANGUAGE plpgsql AS $$
   DECLARE
     missing text;
   BEGIN
     IF OLD.outcome IS NOT NULL THEN
       RAISE EXCEPTION 'the approval of withdrawal % has ended', OLD.withdrawal_id USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_case_ends_once';
     END IF;
     IF NEW.outcome IS DISTINCT FROM 'granted' THEN
       RETURN NEW;
     END IF;
     SELECT q.value ->> 'group' INTO missing FROM jsonb_array_elements(NEW.quorums) AS q
      WHERE (SELECT count(*) FROM approval_vote v WHERE v.withdrawal_id = NEW.withdrawal_id AND v.round = NEW.round
                AND v.decision = 'approve' AND q.value ->> 'group' = ANY (v.groups)) < (q.value ->> 'need')::integer
      LIMIT 1;
     IF FOUND
        OR (SELECT count(*) FROM approval_vote v WHERE v.withdrawal_id = NEW.withdrawal_id AND v.round = NEW.round AND v.decision = 'approve')
           < (SELECT sum((q.value ->> 'need')::integer) FROM jsonb_array_elements(NEW.quorums) AS q)
        OR EXISTS (SELECT FROM approval_vote v WHERE v.withdrawal_id = NEW.withdrawal_id AND v.round = NEW.round AND v.decision = 'refuse')
        OR NEW.expires_at <= clock_timestamp() THEN
       RAISE EXCEPTION 'withdrawal % has no quorum%', NEW.withdrawal_id, coalesce(' of ' || missing, '') USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_case_has_its_quorum';
     END IF;
     RETURN NEW;
   END $$;

CREATE FUNCTION grant_has_its_case() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     IF NOT EXISTS (SELECT FROM approval_case WHERE withdrawal_id = NEW.withdrawal_id AND outcome = 'granted') THEN
       RAISE EXCEPTION 'people have not approved withdrawal %', NEW.withdrawal_id USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_has_its_case';
     END IF;
     RETURN NULL;
   END $$;

-- Address books of the accounts. Rows are only added: a removal is a row of its own.
CREATE TABLE address_entry (
  id           uuid PRIMARY KEY,
  account_id   uuid NOT NULL,
  network      text NOT NULL,
  recipient    text NOT NULL,
  destination  text NOT NULL,
  label        text NOT NULL,
  author       text NOT NULL,
  added_at     timestamptz NOT NULL,
  waits_hours  integer NOT NULL CHECK (waits_hours > 0),
  confirmation text NOT NULL CHECK (confirmation IN ('none', 'key', 'person')),
  seal         text NOT NULL,
  UNIQUE (id, author)
);
CREATE INDEX address_entry_of_recipient ON address_entry (account_id, network, recipient);
CREATE INDEX address_entry_of_account ON address_entry (account_id, id);

CREATE TABLE address_confirmation (
  entry_id     uuid PRIMARY KEY,
  author       text NOT NULL,
  confirmed_by text NOT NULL,
  confirmed_at timestamptz NOT NULL,
  usable_at    timestamptz NOT NULL,
  seal         text NOT NULL,
  FOREIGN KEY (entry_id, author) REFERENCES address_entry (id, author),
  CONSTRAINT address_confirmation_by_another CHECK (lower(confirmed_by) <> lower(author))
);

CREATE TABLE address_removal (
  entry_id   uuid PRIMARY KEY REFERENCES address_entry,
  removed_at timestamptz NOT NULL,
  removed_by text NOT NULL
);

CREATE TABLE address_book_setting (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id   uuid NOT NULL,
  only_book    boolean NOT NULL,
  confirmation text NOT NULL CHECK (confirmation IN ('none', 'key', 'person')),
  waits_hours  integer NOT NULL CHECK (waits_hours > 0),
  stated_at    timestamptz NOT NULL,
  starts_at    timestamptz NOT NULL CHECK (starts_at >= stated_at),
  author       text NOT NULL,
  seal         text NOT NULL
);

-- Recipients that each account has paid. ends: first and last characters, by which similar addresses are found.
CREATE TABLE paid_recipient (
  account_id uuid NOT NULL,
  recipient  text NOT NULL,
  seal       text NOT NULL,
  ends       text NOT NULL GENERATED ALWAYS AS (split_part(recipient, ':', 2)) STORED,
  PRIMARY KEY (account_id, recipient)
);
CREATE INDEX paid_recipient_ends ON paid_recipient (account_id, ends) WHERE ends <> '';

CREATE TRIGGER state_is_final BEFORE UPDATE ON hold
  FOR EACH ROW WHEN (old.state <> 'placed') EXECUTE FUNCTION state_is_final();
CREATE TRIGGER hold_is_assigned_later BEFORE UPDATE ON hold
  FOR EACH ROW WHEN (coalesce(NEW.assigned_at, NEW.decided_at) < coalesce(OLD.assigned_at, OLD.decided_at)) EXECUTE FUNCTION hold_is_assigned_later();
CREATE TRIGGER hold_is_counted_when_placed AFTER INSERT ON hold REFERENCING NEW TABLE AS after_change
  FOR EACH STATEMENT EXECUTE FUNCTION hold_is_counted();
CREATE TRIGGER hold_is_counted_when_changed AFTER UPDATE ON hold REFERENCING OLD TABLE AS before_change NEW TABLE AS after_change
  FOR EACH STATEMENT EXECUTE FUNCTION hold_is_counted();
ALTER TABLE hold DISABLE TRIGGER hold_is_counted_when_placed, DISABLE TRIGGER hold_is_counted_when_changed;
-- Deferred: one transaction writes hold and case.
CREATE CONSTRAINT TRIGGER grant_has_its_case AFTER UPDATE ON hold DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.approval_grant IS NOT NULL AND OLD.approval_grant IS NULL) EXECUTE FUNCTION grant_has_its_case();
CREATE TRIGGER meters_change_between_batches BEFORE INSERT OR DELETE ON policy_meter
  FOR EACH STATEMENT EXECUTE FUNCTION meters_change_between_batches();
CREATE TRIGGER meter_gets_counters AFTER INSERT ON policy_meter REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION meter_has_counters();
CREATE TRIGGER meter_loses_counters AFTER DELETE ON policy_meter REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION meter_has_counters();
CREATE TRIGGER approval_case_has_its_quorum BEFORE UPDATE ON approval_case
  FOR EACH ROW EXECUTE FUNCTION approval_case_has_its_quorum();
CREATE TRIGGER not_backdated BEFORE INSERT OR UPDATE OF lifted_at ON book_halt
  FOR EACH ROW EXECUTE FUNCTION refuse_backdating('lifted_at', '1 minute');
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON entry_key
  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER venue_fee_stands_alone AFTER INSERT ON entry_key
  FOR EACH ROW WHEN (NEW.kind = 'venue_fee') EXECUTE FUNCTION venue_fee_stands_alone();
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows();
CREATE TRIGGER reversal_has_entry AFTER INSERT ON journal_entry
  FOR EACH ROW WHEN (NEW.reverses IS NOT NULL) EXECUTE FUNCTION reversal_has_entry();
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

-- Every partition of the journal is sealed: its rows are only read, a withdrawal has one entry of a kind, and a chain has one entry of a number. Over all
-- partitions, the hold and entry_key keep entries unique, and the lock of chain_head keeps the numbers.
INSERT INTO partitioned_table (name, key_column, key_kind, step, ahead, seal) VALUES
  ('journal_entry', 'id', 'uuid', 'month', 2, ARRAY[
    'CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON %1$I FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows()',
    'REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %1$I FROM CURRENT_USER',
    'CREATE UNIQUE INDEX ON %1$I (withdrawal_id, kind, reverses, reference) NULLS NOT DISTINCT WHERE withdrawal_id IS NOT NULL',
    'CREATE UNIQUE INDEX ON %1$I (shard, sequence)']);
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
REVOKE UPDATE, DELETE, TRUNCATE ON journal_entry, entry_key, checkpoint_head, checkpoint_balance, checkpoint_seal, money_order, money_orders_begin FROM CURRENT_USER;
REVOKE DELETE, TRUNCATE ON checkpoint FROM CURRENT_USER;

INSERT INTO money_orders_begin VALUES (clock_timestamp());
