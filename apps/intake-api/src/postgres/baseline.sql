-- An account is opened here first. ledger_opened_at: time of the ledger's confirmation.
CREATE TABLE account (
  id                    uuid PRIMARY KEY,
  name                  text NOT NULL,
  created_at            timestamptz NOT NULL DEFAULT clock_timestamp(),
  ledger_opened_at      timestamptz,
  keys_share_references boolean NOT NULL DEFAULT false,
  requires_reference    boolean NOT NULL DEFAULT false
);
CREATE INDEX account_not_opened ON account (created_at) WHERE ledger_opened_at IS NULL;

-- Versions of keys; rows are never changed. The previous secret is valid until overlap_until.
CREATE TABLE api_key (
  key_id             text NOT NULL,
  account_id         uuid NOT NULL REFERENCES account,
  label              text NOT NULL,
  sealed             jsonb NOT NULL,
  permissions        text[] NOT NULL,
  rate_limit_per_min integer NOT NULL CHECK (rate_limit_per_min > 0),
  allowed_ips        text[] NOT NULL,
  created_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_at         timestamptz,
  generation         integer NOT NULL CHECK (generation > 0),
  expires_at         timestamptz,
  overlap_until      timestamptz,
  changed_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  shares_references  boolean NOT NULL DEFAULT false,
  algorithm          text NOT NULL DEFAULT 'hmac-sha256' CHECK (algorithm IN ('hmac-sha256', 'ed25519')),
  PRIMARY KEY (key_id, generation)
);
CREATE INDEX api_key_account ON api_key (account_id);

-- Signatures against replay. The minute comes first: inserts touch the newest index pages, and old minutes are deleted as a range.
-- released_by: SHA-256 of a secret in the memory of the instance, which can release the signature of a request that stored nothing. NULL: no release.
CREATE TABLE used_signature (
  minute      integer NOT NULL,
  signature   bytea NOT NULL,
  released_by bytea,
  PRIMARY KEY (minute, signature)
);

CREATE TABLE rate_window (
  key_id text NOT NULL,
  minute integer NOT NULL,
  used   integer NOT NULL,
  PRIMARY KEY (key_id, minute)
) WITH (fillfactor=50);

CREATE TABLE network (
  code   text PRIMARY KEY,
  family text NOT NULL,
  active boolean NOT NULL DEFAULT true
);

-- Terms of accounts without terms of their own.
CREATE TABLE currency (
  currency               text NOT NULL,
  network                text NOT NULL REFERENCES network (code),
  name                   text NOT NULL,
  contract_address       text,
  decimals               integer NOT NULL CHECK (decimals BETWEEN 0 AND 30),
  active                 boolean NOT NULL DEFAULT true,
  min_withdrawal_amount  numeric NOT NULL CHECK (min_withdrawal_amount >= 0),
  withdrawal_fee_flat    numeric NOT NULL CHECK (withdrawal_fee_flat >= 0),
  withdrawal_fee_percent numeric NOT NULL CHECK (withdrawal_fee_percent >= 0),
  PRIMARY KEY (currency, network)
);

CREATE TABLE account_currency (
  account_id             uuid NOT NULL REFERENCES account,
  currency               text NOT NULL,
  network                text NOT NULL,
  withdrawal_enabled     boolean NOT NULL DEFAULT true,
  min_withdrawal_amount  numeric CHECK (min_withdrawal_amount >= 0),
  withdrawal_fee_flat    numeric CHECK (withdrawal_fee_flat >= 0),
  withdrawal_fee_percent numeric CHECK (withdrawal_fee_percent >= 0),
  PRIMARY KEY (account_id, currency, network),
  FOREIGN KEY (currency, network) REFERENCES currency (currency, network)
);

-- Venues that pay a currency on a network, in the order of preference.
CREATE TABLE route (
  currency         text NOT NULL,
  network          text NOT NULL,
  position         integer NOT NULL,
  venue            text NOT NULL,
  pays             text[] NOT NULL,
  state            text NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'paused', 'closing')),
  minimum          numeric CHECK (minimum >= 0),
  maximum          numeric,
  decimals         integer CHECK (decimals BETWEEN 0 AND 30),
  fee_percent      numeric CHECK (fee_percent >= 0),
  fee_flat         numeric CHECK (fee_flat >= 0),
  submit_within_ms integer DEFAULT 3600000 CHECK (submit_within_ms > 0),
  PRIMARY KEY (currency, network, "position"),
  UNIQUE (currency, network, venue),
  FOREIGN KEY (currency, network) REFERENCES currency (currency, network),
  CHECK (maximum >= coalesce(minimum, 0))
);

-- Numbers hold the milliseconds since 2026 and eleven bits of this sequence.
CREATE SEQUENCE withdrawal_number;

-- No index covers a column that changes (state, sequence), so that updates stay in their page (HOT). Foreign keys are absent, because each would lock
-- a parent row per insert.
-- rejected_reference: the reference of a refused hold; the client may use it again. request_proof: NULL without a key shared with the auditor, and for
-- a withdrawal recorded again without its request. recipient: SHA-256 of the destination. first_payment: the account has paid the recipient in no row
-- before, rejected requests included. given_address: the customer's own spelling. waits_for: what holds the order at its venue. published: the number of public events.
CREATE TABLE withdrawal (
  id                     uuid PRIMARY KEY,
  number                 bigint NOT NULL UNIQUE
                         DEFAULT floor(extract(epoch FROM clock_timestamp() - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048 + nextval('withdrawal_number') % 2048,
  requested_at           timestamptz NOT NULL,
  account_id             uuid NOT NULL,
  recipient              bytea NOT NULL,
  digest                 bytea NOT NULL,
  decimals               integer NOT NULL,
  submit_within_ms       integer CHECK (submit_within_ms > 0),
  pinned                 boolean NOT NULL,
  shares_reference       boolean NOT NULL DEFAULT false,
  first_payment          boolean NOT NULL,
  key_id                 text NOT NULL,
  currency               text NOT NULL,
  network                text NOT NULL,
  destination            jsonb NOT NULL,
  given_address          text,
  amount                 numeric NOT NULL CHECK (amount > 0),
  fee                    numeric NOT NULL CHECK (fee >= 0),
  venue_client_reference text NOT NULL,
  order_seal             text NOT NULL,
  request_proof          text,
  signed_request         jsonb,
  first_step             jsonb NOT NULL,
  -- Columns from here on may change, those of every step last: the log has only what lies between the first and the last change.
  client_reference       text,
  rejected_reference     text,
  reference_scope        text GENERATED ALWAYS AS (CASE WHEN shares_reference THEN account_id::text ELSE key_id END) STORED,
  venue                  text NOT NULL,
  tried                  text[] NOT NULL DEFAULT '{}'::text[],
  ordered_at             timestamptz,
  submit_by              timestamptz,
  timed_receipt          text,
  signer_receipt         text,
  assigned_proof         text,
  venue_proof            text,
  expected_at            timestamptz,
  cancel_requested_at    timestamptz,
  cancel_requested_by    text,
  cancel_refusal         text,
  policy_refusal         jsonb,
  venue_fee              numeric CHECK (venue_fee > 0),
  venue_fee_recorded     boolean NOT NULL DEFAULT false,
  broadcast_at           timestamptz,
  confirmed_at           timestamptz,
  confirmations          integer,
  block_number           bigint,
  returned_amount        numeric,
  returned_at            timestamptz,
  venue_reference        text,
  tx_hash                text,
  error_message          text,
  waits_for              text,
  updated_at             timestamptz NOT NULL,
  sequence               integer NOT NULL CHECK (sequence > 0),
  published              integer NOT NULL DEFAULT 0 CHECK (published >= 0),
  state                  text NOT NULL,
  steps                  jsonb STORAGE MAIN NOT NULL DEFAULT '[]',
  CONSTRAINT cancel_has_requester CHECK ((cancel_requested_at IS NULL) = (cancel_requested_by IS NULL)),
  CONSTRAINT cancel_refused_once_requested CHECK (cancel_refusal IS NULL OR cancel_requested_at IS NOT NULL),
  CONSTRAINT venue_is_tried_once CHECK (venue <> ALL (tried)),
  CONSTRAINT pinned_is_not_rerouted CHECK (NOT pinned OR tried = '{}')
) WITH (fillfactor=50);
CREATE INDEX withdrawal_account ON withdrawal (account_id, number);
CREATE INDEX withdrawal_recipient ON withdrawal (account_id, recipient);
CREATE INDEX withdrawal_first_payment ON withdrawal (account_id, number) WHERE first_payment;
ALTER SEQUENCE withdrawal_number OWNED BY withdrawal.number;
CREATE UNIQUE INDEX withdrawal_reference ON withdrawal (reference_scope, client_reference) WHERE client_reference IS NOT NULL;

-- The history: a step is [sequence, trigger, state, detail, decision, milliseconds since 1970].
CREATE VIEW withdrawal_step WITH (security_invoker = true) AS
  SELECT w.id AS withdrawal_id, (s.step ->> 0)::int AS sequence, CASE WHEN s.place > 1 THEN h.steps -> (s.place::int - 2) ->> 2 END AS from_state,
         s.step ->> 2 AS to_state, s.step ->> 1 AS trigger, s.step ->> 3 AS detail, to_timestamp((s.step ->> 5)::numeric / 1000) AS at, nullif(s.step -> 4, 'null') AS decision
    FROM withdrawal w, LATERAL (SELECT jsonb_build_array(w.first_step) || w.steps AS steps) AS h,
         LATERAL jsonb_array_elements(h.steps) WITH ORDINALITY AS s (step, place);

-- A fact that fits no transition of the state machine, kept for operators.
CREATE TABLE withdrawal_case (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  withdrawal_id uuid NOT NULL,
  message_id    text NOT NULL UNIQUE,
  state         text NOT NULL,
  trigger       text NOT NULL,
  detail        text,
  opened_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX withdrawal_case_of ON withdrawal_case (withdrawal_id);

-- Withdrawals still open some seconds after the request, each with the time of recovery's next look. States have no index in withdrawal.
CREATE TABLE open_withdrawal (
  id         uuid PRIMARY KEY,
  account_id uuid,
  number     bigint,
  look_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX open_withdrawal_look ON open_withdrawal (look_at);
CREATE INDEX open_withdrawal_account ON open_withdrawal (account_id, number);

-- One row. Every withdrawal with a number up to scanned_to has ended or is in open_withdrawal. Numbers up to scan_next_to follow once no transaction
-- before scan_next_xid is running.
CREATE TABLE recovery (
  one           boolean DEFAULT true CHECK (one) PRIMARY KEY,
  next_run_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  was_blocked   boolean NOT NULL DEFAULT false,
  repeat_all    boolean NOT NULL DEFAULT false,
  scanned_to    bigint NOT NULL DEFAULT 0,
  scan_next_to  bigint NOT NULL DEFAULT 0,
  scan_next_xid xid8 NOT NULL DEFAULT '0'
);

CREATE TABLE archived_withdrawal (
  key_id              text NOT NULL,
  client_reference    text NOT NULL,
  id                  uuid NOT NULL,
  number              bigint NOT NULL,
  account_id          uuid NOT NULL,
  currency            text NOT NULL,
  network             text NOT NULL,
  decimals            integer NOT NULL,
  destination         jsonb NOT NULL,
  given_address       text,
  amount              numeric NOT NULL,
  fee                 numeric NOT NULL,
  venue               text NOT NULL,
  pinned              boolean NOT NULL,
  tried               text[] NOT NULL,
  state               text NOT NULL CHECK (state IN ('completed', 'returned', 'failed', 'cancelled')),
  sequence            integer NOT NULL,
  venue_reference     text,
  tx_hash             text,
  error_message       text,
  requested_at        timestamptz NOT NULL,
  broadcast_at        timestamptz,
  confirmed_at        timestamptz,
  cancel_requested_at timestamptz,
  cancel_requested_by text,
  cancel_refusal      text,
  digest              bytea NOT NULL,
  archived_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  shares_reference    boolean NOT NULL DEFAULT false,
  reference_scope     text GENERATED ALWAYS AS (CASE WHEN shares_reference THEN account_id::text ELSE key_id END) STORED NOT NULL,
  confirmations       integer,
  block_number        bigint,
  returned_amount     numeric,
  returned_at         timestamptz,
  PRIMARY KEY (reference_scope, client_reference)
);

-- One row per reason and subject, lifted or not: a finding that people have lifted does not open another halt.
CREATE TABLE halt (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  scope            text NOT NULL CHECK (scope IN ('all', 'venue', 'asset', 'account', 'key')),
  target           text CHECK (length(target) BETWEEN 1 AND 128),
  reason           text NOT NULL CHECK (length(reason) BETWEEN 1 AND 64),
  subject          text NOT NULL CHECK (length(subject) BETWEEN 1 AND 256),
  details          text NOT NULL CHECK (length(details) BETWEEN 1 AND 1000),
  opened_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  opened_by        text NOT NULL CHECK (length(opened_by) BETWEEN 1 AND 128),
  lifted_at        timestamptz,
  lifted_by        text CHECK (length(lifted_by) BETWEEN 1 AND 128),
  lift_evidence    text CHECK (length(lift_evidence) BETWEEN 1 AND 1000),
  lift_approved_by text CHECK (lift_approved_by <> ''),
  end_seal         text,
  CHECK ((scope = 'all') = (target IS NULL)),
  CHECK ((lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lift_evidence IS NULL)),
  UNIQUE (reason, subject),
  CONSTRAINT lifted_by_two CHECK ((lifted_at IS NULL) = (lift_approved_by IS NULL)),
  CONSTRAINT lifted_by_another_person CHECK (lower(lift_approved_by) <> lower(lifted_by))
);
CREATE INDEX halt_open ON halt (id) WHERE lifted_at IS NULL;

CREATE FUNCTION forget_signatures(after_minutes integer) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM used_signature
         WHERE minute < floor(extract(epoch FROM clock_timestamp()) / 60)::int - greatest(after_minutes, 10) $$;

-- A login without the secret releases nothing.
CREATE FUNCTION release_signatures(minutes integer[], signatures bytea[], secrets bytea[]) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM used_signature u USING unnest(minutes, signatures, secrets) AS released (minute, signature, secret)
         WHERE u.minute = released.minute AND u.signature = released.signature AND u.released_by = sha256(released.secret) $$;

CREATE TABLE venue_paid (
  withdrawal_id uuid NOT NULL,
  venue         text NOT NULL,
  PRIMARY KEY (withdrawal_id, venue)
);

-- since: start of the venue's first report. reported_to: end of its reports without a gap.
CREATE TABLE venue_report (
  venue       text PRIMARY KEY,
  since       timestamptz NOT NULL,
  reported_to timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE network_terms (
  network      text NOT NULL REFERENCES network (code),
  version      integer NOT NULL CHECK (version > 0),
  effective_at timestamptz NOT NULL,
  recorded_at  timestamptz NOT NULL DEFAULT now(),
  requested_by text NOT NULL CHECK (requested_by <> ''),
  approved_by  text NOT NULL CHECK (approved_by <> ''),
  active       boolean NOT NULL,
  CONSTRAINT never_in_the_past CHECK (effective_at >= recorded_at),
  CONSTRAINT approved_by_another_person CHECK (lower(approved_by) <> lower(requested_by)),
  PRIMARY KEY (network, version)
);

-- unit_worth_eur: value of one unit, for currencies without a built-in ceiling.
CREATE TABLE currency_terms (
  currency               text NOT NULL,
  network                text NOT NULL,
  version                integer NOT NULL CHECK (version > 0),
  effective_at           timestamptz NOT NULL,
  recorded_at            timestamptz NOT NULL DEFAULT now(),
  requested_by           text NOT NULL CHECK (requested_by <> ''),
  approved_by            text NOT NULL CHECK (approved_by <> ''),
  name                   text NOT NULL,
  contract_address       text,
  decimals               integer NOT NULL CHECK (decimals BETWEEN 0 AND 30),
  active                 boolean NOT NULL,
  open_to_all            boolean NOT NULL,
  min_withdrawal_amount  numeric NOT NULL CHECK (min_withdrawal_amount >= 0),
  withdrawal_fee_flat    numeric NOT NULL CHECK (withdrawal_fee_flat >= 0),
  withdrawal_fee_percent numeric NOT NULL CHECK (withdrawal_fee_percent BETWEEN 0 AND 100),
  unit_worth_eur         numeric CHECK (unit_worth_eur > 0),
  CONSTRAINT never_in_the_past CHECK (effective_at >= recorded_at),
  CONSTRAINT approved_by_another_person CHECK (lower(approved_by) <> lower(requested_by)),
  PRIMARY KEY (currency, network, version),
  FOREIGN KEY (currency, network) REFERENCES currency (currency, network)
);

CREATE TABLE account_terms (
  account_id             uuid NOT NULL REFERENCES account,
  currency               text NOT NULL,
  network                text NOT NULL,
  version                integer NOT NULL CHECK (version > 0),
  effective_at           timestamptz NOT NULL,
  recorded_at            timestamptz NOT NULL DEFAULT now(),
  requested_by           text NOT NULL CHECK (requested_by <> ''),
  approved_by            text NOT NULL CHECK (approved_by <> ''),
  withdrawal_enabled     boolean NOT NULL,
  min_withdrawal_amount  numeric CHECK (min_withdrawal_amount >= 0),
  withdrawal_fee_flat    numeric CHECK (withdrawal_fee_flat >= 0),
  withdrawal_fee_percent numeric CHECK (withdrawal_fee_percent BETWEEN 0 AND 100),
  CONSTRAINT never_in_the_past CHECK (effective_at >= recorded_at),
  CONSTRAINT approved_by_another_person CHECK (lower(approved_by) <> lower(requested_by)),
  PRIMARY KEY (account_id, currency, network, version),
  FOREIGN KEY (currency, network) REFERENCES currency (currency, network)
);

CREATE FUNCTION terms_recorded_now() RETURNS trigger
  LANGUAGE plpgsql AS $$
  BEGIN
    NEW.recorded_at := now();
    RETURN NEW;
  END $$;

CREATE FUNCTION terms_only_grow() RETURNS trigger
  LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION '% of % is not allowed: the history of terms only grows', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
  END $$;

CREATE TABLE api_key_use (
  key_id       text PRIMARY KEY,
  last_used_at timestamptz NOT NULL
);

-- Rows never change. The key serves every filter of the list; an index on withdrawal.state would end HOT updates.
CREATE TABLE ended_withdrawal (
  account_id   uuid NOT NULL,
  currency     text NOT NULL,
  network      text NOT NULL,
  venue        text NOT NULL,
  state        text NOT NULL,
  number       bigint NOT NULL,
  requested_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, currency, network, venue, state, number)
);

CREATE FUNCTION history_only_grows() RETURNS trigger
  LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'a step of withdrawal % would change: its history only grows', OLD.id USING ERRCODE = 'insufficient_privilege';
  END $$;

-- A completed withdrawal whose payment came back leaves the list of ended withdrawals, and recovery gets a returning row.
CREATE FUNCTION list_returning() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    DELETE FROM ended_withdrawal
     WHERE (account_id, currency, network, venue, state, number) = (OLD.account_id, OLD.currency, OLD.network, OLD.venue, OLD.state, OLD.number);
    INSERT INTO open_withdrawal (id) SELECT NEW.id WHERE NEW.state = 'returning' ON CONFLICT DO NOTHING;
    RETURN NULL;
  END $$;

CREATE FUNCTION unlist_removed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    DELETE FROM ended_withdrawal e USING removed r
     WHERE (e.account_id, e.currency, e.network, e.venue, e.state, e.number) = (r.account_id, r.currency, r.network, r.venue, r.state, r.number);
    RETURN NULL;
  END $$;

CREATE FUNCTION open_withdrawal_is_of_account() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    SELECT w.account_id, w.number INTO NEW.account_id, NEW.number FROM withdrawal w WHERE w.id = NEW.id;
    RETURN NEW;
  END $$;

-- account_id: the only account that the wallet pays for; NULL: every account without a wallet of its own.
-- position: order in the connector's report; the first hot wallet of an account is topped up. retired_at: no longer reported, and still never paid.
CREATE TABLE hot_wallet (
  network    text NOT NULL,
  address    text NOT NULL,
  purpose    text NOT NULL CHECK (purpose IN ('hot', 'tank')),
  account_id uuid,
  position   integer NOT NULL,
  retired_at timestamptz,
  PRIMARY KEY (network, address)
);

CREATE TABLE wallet_token (
  network  text NOT NULL,
  address  text NOT NULL,
  currency text NOT NULL,
  PRIMARY KEY (network, address)
);

-- Numbered from the sequence of withdrawals, because customers page through both lists. account_id: owner of the wallet; NULL: shared.
CREATE TABLE gas_top_up (
  number       bigint PRIMARY KEY
               DEFAULT floor(extract(epoch FROM clock_timestamp() - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048 + nextval('withdrawal_number') % 2048,
  network      text NOT NULL,
  tx_hash      text NOT NULL,
  currency     text NOT NULL,
  amount       numeric NOT NULL CHECK (amount > 0),
  from_address text NOT NULL,
  to_address   text NOT NULL,
  block_number bigint NOT NULL CHECK (block_number > 0),
  account_id   uuid,
  at           timestamptz NOT NULL,
  UNIQUE (network, tx_hash)
);
CREATE INDEX gas_top_up_account ON gas_top_up (account_id, number);

CREATE TABLE gas_day (
  asset        text NOT NULL,
  day          date NOT NULL,
  amount       numeric NOT NULL CHECK (amount >= 0),
  transactions bigint NOT NULL CHECK (transactions > 0),
  PRIMARY KEY (asset, day)
) WITH (fillfactor=50);

-- compared_in: block of the last comparison. apart_since: first block of the current run of differences.
CREATE TABLE wallet_coin_total (
  asset       text PRIMARY KEY,
  total       numeric NOT NULL CHECK (total >= 0),
  block       bigint NOT NULL CHECK (block >= 0),
  read_at     timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  compared_in bigint,
  apart_since bigint
) WITH (fillfactor=50);

CREATE TABLE wallet_chain (
  chain   text PRIMARY KEY,
  head    bigint NOT NULL CHECK (head > 0),
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor=50);

-- restored: id of a restore until every venue has read its record. since: start of the time that may be lost. behind: lost withdrawals may be missing.
-- identity: server, timeline and database of the last sign of life. log_ends: ends of the published logs, whose earlier records this database contains.
-- paused_until: start after a time without a sign of life, if this time is the only sign of the restore.
CREATE TABLE life (
  only_row      boolean DEFAULT true CHECK (only_row) PRIMARY KEY,
  alive_at      timestamptz NOT NULL,
  restored      uuid,
  since         timestamptz,
  began_at      timestamptz,
  asked_at      timestamptz,
  steps_read    uuid,
  forgets_until timestamptz,
  behind        boolean NOT NULL DEFAULT false,
  identity      text,
  log_ends      jsonb,
  paused_until  timestamptz
);

CREATE TABLE venue_read (
  venue   text PRIMARY KEY,
  life    uuid NOT NULL,
  read_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- payment_key: currency, amount and recipient; NULL if only the reference is compared.
CREATE TABLE venue_payment (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  venue            text NOT NULL,
  record           text NOT NULL,
  client_reference text,
  payment_key      text,
  made_at          timestamptz NOT NULL,
  seen_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  closed_at        timestamptz,
  UNIQUE (venue, record)
);
CREATE INDEX venue_payment_reference ON venue_payment (client_reference) WHERE closed_at IS NULL;
CREATE INDEX venue_payment_key ON venue_payment (payment_key) WHERE closed_at IS NULL;

-- One row. swept_to: the sweep runs from the newest number to the oldest; NULL: it starts again.
-- holds_compared_to: id of the newest compared hold; it is restored together with the withdrawals.
CREATE TABLE ledger_comparison (
  one               boolean DEFAULT true CHECK (one) PRIMARY KEY,
  next_run_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  compared_to       bigint NOT NULL,
  swept_to          bigint,
  sweep_urgent      boolean NOT NULL DEFAULT false,
  compared_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  holds_compared_to uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000000'
);

CREATE TABLE ledger_head (
  shard     smallint PRIMARY KEY,
  sequence  bigint NOT NULL,
  hash      text NOT NULL,
  key       text NOT NULL,
  signature text NOT NULL
);

CREATE TABLE ledger_unsettled (
  withdrawal_id uuid PRIMARY KEY
);

CREATE TABLE ledger_difference (
  withdrawal_id uuid PRIMARY KEY,
  kind          text NOT NULL,
  detail        text NOT NULL,
  found_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  requested_by  text,
  approved_by   text,
  evidence      text,
  answer        text,
  resolved_at   timestamptz,
  CONSTRAINT sent_again_by_two CHECK (num_nonnulls(requested_by, approved_by, evidence) IN (0, 3)),
  CONSTRAINT sent_again_by_another CHECK (lower(requested_by) <> lower(approved_by))
);
CREATE INDEX ledger_difference_open ON ledger_difference (found_at) WHERE resolved_at IS NULL;

-- state: of the hold at the time of finding. The ledger has the terms.
CREATE TABLE lost_withdrawal (
  withdrawal_id uuid PRIMARY KEY,
  account_id    uuid NOT NULL,
  asset         text NOT NULL,
  amount        numeric NOT NULL,
  state         text NOT NULL,
  placed_at     timestamptz NOT NULL,
  found_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  resolved_at   timestamptz
);
CREATE INDEX lost_withdrawal_open ON lost_withdrawal (placed_at) WHERE resolved_at IS NULL;

CREATE TRIGGER not_backdated BEFORE INSERT OR UPDATE OF lifted_at ON halt
  FOR EACH ROW EXECUTE FUNCTION refuse_backdating('lifted_at', '1 minute');
CREATE TRIGGER opened_now BEFORE INSERT ON halt
  FOR EACH ROW EXECUTE FUNCTION refuse_backdating('opened_at', '1 second');
CREATE TRIGGER state_is_final BEFORE UPDATE OF state ON withdrawal
  FOR EACH ROW WHEN (old.state IN ('rejected', 'returned', 'failed', 'cancelled') AND new.state <> old.state
                     OR old.state = 'completed' AND new.state NOT IN ('completed', 'returning', 'returned')) EXECUTE FUNCTION state_is_final();
CREATE TRIGGER history_only_grows BEFORE UPDATE OF steps ON withdrawal
  FOR EACH ROW WHEN (NOT starts_with(new.steps::text, left(old.steps::text, -1))) EXECUTE FUNCTION history_only_grows();
CREATE TRIGGER list_returning AFTER UPDATE OF state ON withdrawal
  FOR EACH ROW WHEN (old.state = 'completed' AND new.state IN ('returning', 'returned')) EXECUTE FUNCTION list_returning();
CREATE TRIGGER unlist_removed AFTER DELETE ON withdrawal REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION unlist_removed();
CREATE TRIGGER is_of_account BEFORE INSERT ON open_withdrawal
  FOR EACH ROW EXECUTE FUNCTION open_withdrawal_is_of_account();
CREATE TRIGGER recorded_now BEFORE INSERT ON network_terms
  FOR EACH ROW EXECUTE FUNCTION terms_recorded_now();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON network_terms
  FOR EACH STATEMENT EXECUTE FUNCTION terms_only_grow();
CREATE TRIGGER recorded_now BEFORE INSERT ON currency_terms
  FOR EACH ROW EXECUTE FUNCTION terms_recorded_now();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON currency_terms
  FOR EACH STATEMENT EXECUTE FUNCTION terms_only_grow();
CREATE TRIGGER recorded_now BEFORE INSERT ON account_terms
  FOR EACH ROW EXECUTE FUNCTION terms_recorded_now();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON account_terms
  FOR EACH STATEMENT EXECUTE FUNCTION terms_only_grow();

INSERT INTO network (code, family) VALUES ('ETH', 'evm'), ('BSC', 'evm'), ('TRX', 'tron'), ('BTC', 'bitcoin'), ('SEPA', 'bank');

INSERT INTO currency (currency, network, name, contract_address, decimals, min_withdrawal_amount, withdrawal_fee_flat, withdrawal_fee_percent) VALUES
  ('USDT', 'ETH', 'Tether USD', '0xdAC17F958D2ee523a2206206994597C13D831ec7', 6, 2, 1, 0.1),
  ('ETH', 'ETH', 'Ether', NULL, 18, 0.001, 0.0005, 0.1),
  ('USDT', 'TRX', 'Tether USD', 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', 6, 2, 1, 0.1),
  ('BTC', 'BTC', 'Bitcoin', NULL, 8, 0.001, 0.00005, 0.1),
  ('EUR', 'SEPA', 'Euro', NULL, 2, 1, 0.25, 0.1),
  ('BNB', 'BSC', 'BNB', NULL, 18, 0.005, 0.0005, 0.1),
  ('USDT', 'BSC', 'Tether USD', '0x55d398326f99059fF775485246999027B3197955', 18, 2, 0.5, 0.1);

-- Minimum amounts and decimals that are stricter than the currency's own are terms of the venue.
INSERT INTO route (currency, network, position, venue, pays, minimum, decimals) VALUES
  ('USDT', 'ETH', 1, 'gateio', '{address,venue_account}', NULL, NULL),
  ('USDT', 'ETH', 2, 'bybit', '{address,venue_account}', 10, NULL),
  ('USDT', 'ETH', 3, 'bitmart', '{address,venue_account}', 5, NULL),
  ('USDT', 'TRX', 1, 'gateio', '{address,venue_account}', NULL, NULL),
  ('USDT', 'TRX', 2, 'bybit', '{address,venue_account}', NULL, NULL),
  ('USDT', 'TRX', 3, 'bitmart', '{address,venue_account}', 5, NULL),
  ('BTC', 'BTC', 1, 'gateio', '{address,venue_account}', NULL, NULL),
  ('BTC', 'BTC', 2, 'bybit', '{address,venue_account}', NULL, NULL),
  ('BTC', 'BTC', 3, 'bitmart', '{address,venue_account}', NULL, NULL),
  ('ETH', 'ETH', 1, 'gateio', '{address,venue_account}', NULL, 8),
  ('ETH', 'ETH', 2, 'bybit', '{address,venue_account}', 0.002, 8),
  ('ETH', 'ETH', 3, 'bitmart', '{address,venue_account}', 0.002, 8),
  ('EUR', 'SEPA', 1, 'upvest', '{reference_account}', NULL, NULL);

-- Routes of our own wallet are paused until an operator starts them.
INSERT INTO route (currency, network, position, venue, pays, state) VALUES
  ('USDT', 'ETH', 4, 'wallet', '{address}', 'paused'),
  ('ETH', 'ETH', 4, 'wallet', '{address}', 'paused'),
  ('USDT', 'BSC', 1, 'wallet', '{address}', 'paused'),
  ('BNB', 'BSC', 1, 'wallet', '{address}', 'paused');

INSERT INTO recovery DEFAULT VALUES;
INSERT INTO ledger_comparison (compared_to) VALUES (0);
