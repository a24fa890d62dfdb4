-- equality_key: set for forms without a searchable reference; equal texts are indistinguishable in the venue's records.
-- given_up_at: latest time at which the current attempt can have left. refusal: the venue's answer {reason, venueCode, message}, published after the search.
-- venue_time: before the first byte of the first attempt; last_venue_time: before the latest request. covering_lookups: empty look-ups that covered the submit.
-- possible_records: references of the venue's records that may be the payment; while there are any, no look-up proves absence.
-- listed_at: first seen in the venue's records. not_listed_at: people may decide from then on.
-- order_mac: MAC of intake-api. timed_receipt: receipt of the ledger for this connector. unsent_seal: time at which this connector stored the order or found no payment of it.
-- postponed_for: cause of the wait for another preparation or look-up. cancel_seen_at: the venue's records show a cancellation without a request.
-- received: amount of the recipient, where the venue's fee has changed. nothing_moved: proof published for the ledger.
-- begun: number of the newest attempt, in the columns from begun to nothing_moved_seal; NULL before the first. attempt_reference, attempt_token: client reference and fencing token of its request.
-- serial_number: number among all attempts of this connector, without gaps. halt_seen: newest halt seen by the claim, in force or lifted; NULL for an attempt put back on record.
-- nothing_moved_seal: another attempt may follow; it moves the former attempt to former_attempt.
CREATE TABLE submission (
  withdrawal_id      uuid PRIMARY KEY,
  seq                bigint GENERATED ALWAYS AS IDENTITY,
  account_id         uuid NOT NULL,
  form               text NOT NULL,
  asset              text NOT NULL,
  amount             numeric NOT NULL CHECK (amount > 0),
  destination        jsonb NOT NULL,
  equality_key       text,
  payment_key        text,
  client_reference   text NOT NULL UNIQUE,
  key_id             text NOT NULL,
  digest             text NOT NULL,
  fee                numeric NOT NULL,
  order_mac          text NOT NULL,
  timed_receipt      text NOT NULL,
  signer_receipt     text,
  ordered_at         timestamptz,
  not_after          timestamptz,
  traceparent        text,
  correlation_id     text,
  causation_id       text,
  created_at         timestamptz NOT NULL DEFAULT now(),
  begun              integer CHECK (begun > 0),
  attempt_reference  text,
  request            text,
  request_seal       text,
  attempt_gross      numeric,
  evidence           jsonb,
  attempt_token      bigint,
  intended_at        timestamptz,
  attempt_venue_time timestamptz,
  serial_number      bigint,
  halt_seen          bigint,
  put_back_at        timestamptz,
  attempt_state      text CHECK (attempt_state IN ('sending', 'refusing', 'accepted', 'unknown', 'undecided', 'not_sent', 'absent', 'refused', 'failed')),
  answered_at        timestamptz,
  response_status    integer,
  response_body      text CHECK (length(response_body) <= 2048),
  cause              text,
  nothing_moved_seal text,
  state              text NOT NULL CHECK (state IN ('prepared', 'sending', 'refusing', 'accepted', 'unknown', 'repeating', 'undecided', 'disputed', 'refused', 'settled', 'returned', 'failed')),
  attempt            integer NOT NULL DEFAULT 1 CHECK (attempt > 0),
  resends            integer NOT NULL DEFAULT 0,
  gross              numeric,
  unsent_seal        text NOT NULL,
  lookup_first       boolean NOT NULL DEFAULT false,
  unconfirmed        boolean NOT NULL DEFAULT false,
  submitted_at       timestamptz,
  venue_time         timestamptz,
  last_venue_time    timestamptz,
  lease_owner        text,
  lease_token        bigint,
  lease_until        timestamptz,
  next_action_at     timestamptz,
  postponed_for      text,
  venue_reference    text,
  tx_hash            text,
  block_number       numeric(20) CHECK (block_number > 0),
  confirmations      bigint CHECK (confirmations >= 0),
  venue_fee          numeric,
  received           numeric,
  reason             text,
  refusal            jsonb,
  cancel_state       text CHECK (cancel_state IN ('wished', 'asked', 'refused')),
  cancel_reason      text,
  cancel_seen_at     timestamptz,
  given_up_at        timestamptz,
  empty_lookups      integer NOT NULL DEFAULT 0,
  covering_lookups   integer NOT NULL DEFAULT 0,
  possible_records   jsonb,
  unknown_published  boolean NOT NULL DEFAULT false,
  accepted_at        timestamptz,
  listed_at          timestamptz,
  not_listed_at      timestamptz,
  finished_at        timestamptz,
  nothing_moved      text,
  returned_amount    numeric,
  returned_seen_at   timestamptz,
  fast_released_eur  numeric CHECK (fast_released_eur >= 0),
  CHECK (state NOT IN ('accepted', 'disputed', 'settled', 'failed') OR venue_reference IS NOT NULL),
  CHECK ((state IN ('sending', 'repeating')) = (lease_token IS NOT NULL)),
  CONSTRAINT submission_attempt CHECK (num_nulls(begun, attempt_reference, request, request_seal, attempt_gross, evidence, attempt_token, intended_at, attempt_venue_time, serial_number, attempt_state) IN (0, 11)),
  CONSTRAINT submission_newest_attempt CHECK (state NOT IN ('sending', 'repeating', 'refusing', 'unknown', 'undecided') OR begun IS NOT DISTINCT FROM attempt),
  CONSTRAINT submission_returned CHECK (state <> 'returned' OR (returned_amount > 0 AND venue_reference IS NOT NULL)),
  CONSTRAINT submission_refusing CHECK (state <> 'refusing' OR refusal IS NOT NULL),
  CONSTRAINT submission_venue_time CHECK (submitted_at IS NULL OR (venue_time IS NOT NULL AND last_venue_time IS NOT NULL))
) WITH (fillfactor=50, toast_tuple_target=4080, autovacuum_vacuum_scale_factor=0.05);
CREATE UNIQUE INDEX submission_reference_of_form ON submission (venue_reference, form) WHERE venue_reference IS NOT NULL;
CREATE INDEX submission_under_way ON submission (state, next_action_at) WHERE state IN ('sending', 'repeating', 'refusing', 'accepted', 'unknown', 'undecided');
CREATE INDEX submission_cancel ON submission (withdrawal_id) WHERE cancel_state = 'wished';
CREATE INDEX submission_deadline ON submission (not_after) WHERE state = 'prepared' AND not_after IS NOT NULL;
CREATE UNIQUE INDEX submission_one_undecided_equal ON submission (form, equality_key) WHERE equality_key IS NOT NULL AND state IN ('sending', 'refusing', 'unknown', 'undecided');
CREATE INDEX submission_lookup_first ON submission (form, seq) WHERE state = 'prepared' AND lookup_first;
CREATE INDEX submission_equality_key ON submission (equality_key) WHERE equality_key IS NOT NULL;
CREATE INDEX submission_queue ON submission (form, coalesce(ordered_at, created_at), seq) WHERE state = 'prepared';
CREATE INDEX submission_finished ON submission USING brin (finished_at) WITH (pages_per_range='16', autosummarize='on');
-- Settled rows that are read again have a time of their next action.
CREATE INDEX submission_returnable ON submission (form, next_action_at) WHERE state = 'settled' AND next_action_at IS NOT NULL;

CREATE UNIQUE INDEX submission_serial_number ON submission (serial_number) WHERE serial_number IS NOT NULL;
CREATE INDEX submission_by_time ON submission USING brin (intended_at) WITH (pages_per_range='16', autosummarize='on');

-- Attempts with a later attempt. Only trigger former_attempt_is_kept stores them.
CREATE TABLE former_attempt (
  withdrawal_id      uuid NOT NULL REFERENCES submission (withdrawal_id) ON UPDATE CASCADE,
  number             integer NOT NULL CHECK (number > 0),
  state              text NOT NULL CHECK (state IN ('not_sent', 'absent')),
  client_reference   text NOT NULL,
  request            text NOT NULL,
  request_seal       text NOT NULL,
  gross              numeric NOT NULL,
  evidence           jsonb NOT NULL,
  lease_token        bigint NOT NULL,
  intended_at        timestamptz NOT NULL,
  venue_time         timestamptz NOT NULL,
  serial_number      bigint NOT NULL UNIQUE,
  halt_seen          bigint,
  put_back_at        timestamptz,
  answered_at        timestamptz,
  response_status    integer,
  response_body      text,
  cause              text,
  nothing_moved_seal text,
  PRIMARY KEY (withdrawal_id, number)
);
CREATE INDEX former_attempt_by_time ON former_attempt (intended_at);

-- The condition is outside of the union: PostgreSQL then reads both tables by their indexes in a join.
CREATE VIEW attempt WITH (security_invoker = true) AS
  SELECT * FROM (
    SELECT withdrawal_id, number, state, client_reference, request, request_seal, gross, evidence, lease_token, intended_at, venue_time, serial_number, halt_seen, put_back_at,
           answered_at, response_status, response_body, cause, nothing_moved_seal
      FROM former_attempt
    UNION ALL
    SELECT withdrawal_id, begun, attempt_state, attempt_reference, request, request_seal, attempt_gross, evidence, attempt_token, intended_at, attempt_venue_time, serial_number, halt_seen, put_back_at,
           answered_at, response_status, response_body, cause, nothing_moved_seal
      FROM submission) a
   WHERE number IS NOT NULL;

-- One row, locked by every claim: it knows the number of the last attempt, and the sums of the current hour and day.
-- swept_to: highest number of a removed attempt. sums: {hour, hour_amount, day, day_amount} by asset.
CREATE TABLE sending (
  only_row boolean DEFAULT true CHECK (only_row) PRIMARY KEY,
  last     bigint NOT NULL DEFAULT 0 CHECK (last >= 0),
  swept_to bigint NOT NULL DEFAULT 0 CHECK (swept_to BETWEEN 0 AND last),
  sums     jsonb NOT NULL DEFAULT '{}'
) WITH (fillfactor=50);

CREATE SEQUENCE lease_token;

CREATE TABLE rate_slot (
  endpoint     text PRIMARY KEY,
  interval_us  bigint NOT NULL CHECK (interval_us > 0),
  next_free_at timestamptz NOT NULL DEFAULT now(),
  slowdown     integer NOT NULL DEFAULT 1,
  slow_until   timestamptz NOT NULL DEFAULT now(),
  pause_cause  text,
  pause_until  timestamptz
);

CREATE TABLE worker_lease (
  name  text PRIMARY KEY,
  owner text NOT NULL,
  until timestamptz NOT NULL
);

CREATE TABLE submission_case (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  withdrawal_id uuid NOT NULL REFERENCES submission (withdrawal_id) ON UPDATE CASCADE,
  kind          text NOT NULL,
  text          text NOT NULL,
  opened_at     timestamptz NOT NULL DEFAULT now(),
  UNIQUE (withdrawal_id, kind)
);

CREATE TABLE decision (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  withdrawal_id   uuid NOT NULL REFERENCES submission (withdrawal_id) ON UPDATE CASCADE,
  attempt         integer NOT NULL,
  from_state      text NOT NULL,
  decision        text NOT NULL CHECK (decision IN ('paid', 'absent', 'returned')),
  evidence        text NOT NULL CHECK (length(evidence) > 0),
  venue_reference text,
  amount          numeric,
  decided_at      timestamptz NOT NULL DEFAULT now(),
  decided_by      text,
  confirmed_by    text,
  CHECK (confirmed_by <> decided_by),
  CONSTRAINT decided_by_two CHECK (decided_by IS NOT NULL AND confirmed_by IS NOT NULL)
);
CREATE INDEX decision_withdrawal ON decision (withdrawal_id);

-- One row per reason and subject, lifted or not: a finding that people have lifted does not open another halt.
-- end_seal: a lift without a valid seal is forged, and the halt stays in force. The same applies to breaks.
CREATE TABLE halt (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  scope            text NOT NULL DEFAULT 'venue' CHECK (scope IN ('all', 'venue', 'asset', 'account', 'key')),
  reason           text NOT NULL CHECK (length(reason) BETWEEN 1 AND 64),
  subject          text NOT NULL CHECK (length(subject) BETWEEN 1 AND 256),
  details          text NOT NULL CHECK (length(details) BETWEEN 1 AND 1000),
  opened_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  opened_by        text NOT NULL CHECK (length(opened_by) BETWEEN 1 AND 128),
  lifted_at        timestamptz,
  lifted_by        text CHECK (length(lifted_by) BETWEEN 1 AND 128),
  lift_evidence    text CHECK (length(lift_evidence) BETWEEN 1 AND 1000),
  target           text CHECK (length(target) BETWEEN 1 AND 128),
  lift_approved_by text CHECK (lift_approved_by <> ''),
  end_seal         text,
  CHECK ((lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lift_evidence IS NULL)),
  UNIQUE (reason, subject),
  CONSTRAINT halt_target CHECK ((scope IN ('all', 'venue')) = (target IS NULL)),
  CONSTRAINT lifted_by_two CHECK ((lifted_at IS NULL) = (lift_approved_by IS NULL)),
  CONSTRAINT lifted_by_another_person CHECK (lower(lift_approved_by) <> lower(lifted_by))
);
CREATE INDEX halt_open ON halt (id) WHERE lifted_at IS NULL;

CREATE TABLE record_cursor (
  form         text PRIMARY KEY,
  baseline     timestamptz NOT NULL,
  read_through timestamptz NOT NULL,
  read_at      timestamptz NOT NULL,
  deep_read_at timestamptz NOT NULL
);

-- unreadable: field and raw value of an unreadable row; NULL for a record.
CREATE TABLE unclaimed_record (
  venue_reference  text PRIMARY KEY,
  form             text NOT NULL,
  client_reference text,
  equality_keys    text[] NOT NULL,
  amount_key       text NOT NULL,
  destination      text,
  gross            text NOT NULL,
  venue_status     text NOT NULL,
  created_at       timestamptz NOT NULL,
  seen_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  reported_at      timestamptz,
  closed_at        timestamptz,
  closed_because   text,
  reported_as      text CHECK (reported_as IN ('open', 'closed')),
  unreadable       text CHECK (length(unreadable) BETWEEN 1 AND 500),
  CHECK ((closed_at IS NULL) = (closed_because IS NULL))
);
CREATE INDEX unclaimed_record_reference ON unclaimed_record (client_reference) WHERE closed_at IS NULL;
CREATE INDEX unclaimed_record_equality_keys ON unclaimed_record USING gin (equality_keys) WHERE closed_at IS NULL;
CREATE INDEX unclaimed_record_unreported ON unclaimed_record (seen_at) WHERE closed_at IS NULL AND reported_at IS NULL;
CREATE INDEX unclaimed_record_to_report ON unclaimed_record (seen_at) WHERE reported_as IS DISTINCT FROM CASE WHEN closed_at IS NULL THEN 'open' ELSE 'closed' END;

CREATE TABLE sent_report (
  one         boolean DEFAULT true CHECK (one) PRIMARY KEY,
  reported_to timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE heartbeat (
  alive_at     timestamptz NOT NULL,
  only_row     boolean DEFAULT true CHECK (only_row) PRIMARY KEY,
  identity     text,
  beats        bigint NOT NULL DEFAULT 0,
  went_back_at timestamptz,
  look_up_from timestamptz
);

-- Every break has a halt. Only the closing columns change.
CREATE TABLE break (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind           text NOT NULL CHECK (kind IN ('orphan', 'other_amount', 'other_recipient', 'paid_twice', 'paid_after_absent', 'contrary_after_end', 'missing', 'balance_apart', 'ceiling')),
  subject        text NOT NULL CHECK (length(subject) BETWEEN 1 AND 256),
  withdrawal_id  uuid,
  details        text NOT NULL CHECK (length(details) BETWEEN 1 AND 1000),
  halt_id        bigint NOT NULL REFERENCES halt,
  opened_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  closed_at      timestamptz,
  closed_by      text CHECK (length(closed_by) BETWEEN 1 AND 128),
  close_evidence text CHECK (length(close_evidence) BETWEEN 1 AND 1000),
  end_seal       text,
  CHECK ((closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (close_evidence IS NULL)),
  UNIQUE (kind, subject)
);
CREATE INDEX break_open ON break (kind) WHERE closed_at IS NULL;
CREATE INDEX break_halt ON break (halt_id);

-- expected: balance if exactly the submissions settled by counted_to had left. exact_at: last time that expected was read from the venue.
CREATE TABLE venue_balance (
  currency   text PRIMARY KEY,
  total      numeric NOT NULL,
  expected   numeric NOT NULL,
  counted_to timestamptz NOT NULL,
  exact_at   timestamptz NOT NULL,
  read_at    timestamptz NOT NULL
);

CREATE TABLE venue_deposit (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  currency text NOT NULL,
  amount   numeric NOT NULL CHECK (amount > 0),
  seen_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE venue_asset (
  asset          text NOT NULL CHECK (asset ~ '^[A-Z0-9_-]{1,32}[.][A-Z0-9_-]{1,32}$'),
  version        integer NOT NULL CHECK (version > 0),
  code           text NOT NULL CHECK (code <> ''),
  active         boolean NOT NULL,
  unit_worth_eur numeric CHECK (unit_worth_eur > 0),
  recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  requested_by   text NOT NULL CHECK (requested_by <> ''),
  approved_by    text NOT NULL CHECK (approved_by <> ''),
  CONSTRAINT approved_by_another_person CHECK (lower(approved_by) <> lower(requested_by)),
  PRIMARY KEY (asset, version)
);

-- The newest permit of the auditor.
CREATE TABLE auditor_permit (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  number    bigint NOT NULL,
  permit    text NOT NULL,
  cover     text NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE FUNCTION venue_assets_only_grow()
 RETURNS trigger
 LANGUAGE plpgsql
AS $$
      BEGIN
        RAISE EXCEPTION '% of % is not allowed: its history only grows', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
      END $$;

CREATE TRIGGER state_edges BEFORE UPDATE OF state ON submission
  FOR EACH ROW WHEN (old.state <> new.state AND (old.state || '>' || new.state) NOT IN (
    'prepared>sending', 'prepared>refused', 'prepared>accepted',
    'sending>accepted', 'sending>refusing', 'sending>prepared', 'sending>unknown',
    'refusing>accepted', 'refusing>refused', 'refusing>undecided',
    'unknown>repeating', 'unknown>accepted', 'unknown>prepared', 'unknown>refused', 'unknown>undecided',
    'repeating>accepted', 'repeating>unknown',
    'undecided>accepted', 'undecided>prepared', 'undecided>refused',
    'accepted>settled', 'accepted>failed', 'accepted>disputed',
    'disputed>settled', 'disputed>failed',
    'settled>returned'))
  EXECUTE FUNCTION state_is_final();
-- A statement that sets a number begins an attempt: begun rises, serial_number changes, and the former attempt is kept.
CREATE FUNCTION keep_former_attempt() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    IF NEW.begun IS NULL OR NEW.begun <= OLD.begun OR NEW.serial_number = OLD.serial_number THEN
      RAISE EXCEPTION 'duplicate key: attempt % of % is on record', OLD.begun, OLD.withdrawal_id USING ERRCODE = 'unique_violation';
    END IF;
    INSERT INTO former_attempt (withdrawal_id, number, state, client_reference, request, request_seal, gross, evidence, lease_token, intended_at, venue_time, serial_number, halt_seen, put_back_at,
                                answered_at, response_status, response_body, cause, nothing_moved_seal)
    VALUES (OLD.withdrawal_id, OLD.begun, OLD.attempt_state, OLD.attempt_reference, OLD.request, OLD.request_seal, OLD.attempt_gross, OLD.evidence, OLD.attempt_token, OLD.intended_at, OLD.attempt_venue_time, OLD.serial_number, OLD.halt_seen, OLD.put_back_at,
            OLD.answered_at, OLD.response_status, OLD.response_body, OLD.cause, OLD.nothing_moved_seal);
    RETURN NULL;
  END $$;
CREATE TRIGGER former_attempt_is_kept AFTER UPDATE OF begun, serial_number ON submission FOR EACH ROW WHEN (OLD.begun IS NOT NULL) EXECUTE FUNCTION keep_former_attempt();

-- The owner's login restores and repairs rows.
CREATE FUNCTION attempt_is_on_record() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the request of an attempt is on record and never changes' USING ERRCODE = 'insufficient_privilege';
  END $$;
CREATE TRIGGER attempt_is_on_record
  BEFORE UPDATE OF attempt_reference, request, request_seal, attempt_gross, evidence, attempt_token, intended_at, attempt_venue_time, halt_seen, put_back_at ON submission
  FOR EACH ROW WHEN (OLD.begun IS NOT NULL AND NEW.serial_number IS NOT DISTINCT FROM OLD.serial_number) EXECUTE FUNCTION attempt_is_on_record();

CREATE FUNCTION attempt_state_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an attempt does not go from % to %', OLD.attempt_state, NEW.attempt_state USING ERRCODE = 'check_violation';
  END $$;
CREATE TRIGGER attempt_state_is_final BEFORE UPDATE OF attempt_state ON submission FOR EACH ROW
  WHEN (OLD.attempt_state IN ('not_sent', 'absent', 'refused', 'failed') AND NEW.attempt_state IS DISTINCT FROM OLD.attempt_state AND (NEW.begun > OLD.begun) IS NOT TRUE)
  EXECUTE FUNCTION attempt_state_is_final();

CREATE FUNCTION attempts_are_swept() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE sending SET swept_to = (SELECT max(serial_number) FROM swept)
     WHERE swept_to < (SELECT max(serial_number) FROM swept);
    RETURN NULL;
  END $$;
CREATE TRIGGER attempts_are_swept AFTER DELETE ON submission
  REFERENCING OLD TABLE AS swept FOR EACH STATEMENT EXECUTE FUNCTION attempts_are_swept();
CREATE TRIGGER attempts_are_swept AFTER DELETE ON former_attempt
  REFERENCING OLD TABLE AS swept FOR EACH STATEMENT EXECUTE FUNCTION attempts_are_swept();

CREATE TRIGGER not_backdated BEFORE INSERT OR UPDATE OF lifted_at ON halt FOR EACH ROW EXECUTE FUNCTION refuse_backdating('lifted_at', '1 minute');
CREATE TRIGGER opened_now BEFORE INSERT ON halt FOR EACH ROW EXECUTE FUNCTION refuse_backdating('opened_at', '1 second');
CREATE TRIGGER not_backdated BEFORE INSERT OR UPDATE OF closed_at ON break FOR EACH ROW EXECUTE FUNCTION refuse_backdating('closed_at', '1 minute');
CREATE TRIGGER opened_now BEFORE INSERT ON break FOR EACH ROW EXECUTE FUNCTION refuse_backdating('opened_at', '1 second');

-- Notifies the processes of lifts, closings and permits, whichever process stores them.
CREATE FUNCTION notify_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_notify('stored_change', TG_TABLE_NAME);
    RETURN NULL;
  END $$;
CREATE TRIGGER notify_end AFTER INSERT OR UPDATE ON halt FOR EACH ROW WHEN (NEW.lifted_at IS NOT NULL) EXECUTE FUNCTION notify_change();
CREATE TRIGGER notify_end AFTER INSERT OR UPDATE ON break FOR EACH ROW WHEN (NEW.closed_at IS NOT NULL) EXECUTE FUNCTION notify_change();
CREATE TRIGGER notify_stored AFTER INSERT ON auditor_permit FOR EACH ROW EXECUTE FUNCTION notify_change();
CREATE TRIGGER notify_changed AFTER UPDATE ON auditor_permit FOR EACH ROW WHEN (OLD.permit <> NEW.permit OR OLD.number <> NEW.number) EXECUTE FUNCTION notify_change();

CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON venue_asset
  FOR EACH STATEMENT EXECUTE FUNCTION venue_assets_only_grow();

INSERT INTO sent_report DEFAULT VALUES;
INSERT INTO sending DEFAULT VALUES;
