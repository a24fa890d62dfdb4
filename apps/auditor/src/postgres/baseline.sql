-- One row. oldest_fact_at: time of the oldest message. followed_through: every message up to this moment is stored. followed_since: start of the time in
-- which the topics were followed without a gap.
CREATE TABLE audit_progress (
  id               int PRIMARY KEY CHECK (id = 1),
  started_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  oldest_fact_at   timestamptz,
  followed_through timestamptz,
  followed_since   timestamptz
);

CREATE TABLE audited_opening (
  account_id uuid PRIMARY KEY,
  seen_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- held: sum of the open holds. No index contains the balance or the held amount, so that their update stays in its page.
CREATE TABLE audited_account (
  account_id uuid NOT NULL,
  asset      text NOT NULL,
  balance    numeric NOT NULL DEFAULT 0,
  held       numeric NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id, asset)
) WITH (fillfactor=50);

-- Accounts whose held amount exceeds the balance, until the next comparison with enough balance.
CREATE TABLE short_account (
  account_id uuid NOT NULL,
  asset      text NOT NULL,
  marked_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (account_id, asset)
);

CREATE TABLE audited_movement (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entry_id   text NOT NULL,
  account_id uuid NOT NULL,
  asset      text NOT NULL,
  amount     numeric NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('funding', 'transfer', 'capture', 'reversal', 'return')),
  seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (entry_id, account_id)
);
CREATE INDEX audited_movement_newest ON audited_movement (account_id, asset, seen_at);

CREATE TABLE audited_reversal (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entry_id          text NOT NULL UNIQUE,
  reversed_entry_id text NOT NULL,
  applied_at        timestamptz,
  seen_at           timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX audited_reversal_open ON audited_reversal (reversed_entry_id) WHERE applied_at IS NULL;

-- One row per withdrawal, each group of columns with its own source and time. The end of the hold is part of the row. Order: the one that was read together
-- with the hold, never changed. Payment: a settled one whose reference and values name exactly this order; paid_seen_at is the time of its first sight,
-- which is that of its final state. No index contains the payment, so that its update stays in its page; the summary of the times does not end that.
-- requested_by: NULL if no customer is proven to have requested the order.
CREATE TABLE audited_withdrawal (
  withdrawal_id     uuid PRIMARY KEY,
  account_id        uuid NOT NULL,
  asset             text NOT NULL,
  amount            numeric NOT NULL,
  digest            text,
  requested_by      text CHECK (requested_by IN ('signature', 'proof')),
  placed_at         timestamptz NOT NULL,
  seen_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  order_venue       text,
  order_asset       text,
  order_amount      numeric,
  order_destination text,
  equality_key      text,
  client_reference  text,
  ordered_at        timestamptz,
  venue             text,
  state             text NOT NULL DEFAULT 'placed' CHECK (state IN ('placed', 'captured', 'released', 'expired')),
  ended_at          timestamptz,
  entry_id          text,
  debited           numeric,
  ended_seen_at     timestamptz,
  release_judged_at timestamptz,
  paid_reference    text,
  paid_form         text,
  paid_currency     text,
  paid_network      text,
  paid_destination  text,
  paid_net          numeric,
  paid_gross        numeric,
  paid_fee          numeric,
  unlisted_key      text,
  paid_status       text,
  tx_hash           text,
  paid_at           timestamptz,
  paid_seen_at      timestamptz,
  paid_read_at      timestamptz,
  CHECK ((state = 'placed') = (ended_seen_at IS NULL)),
  CONSTRAINT audited_withdrawal_captured CHECK ((entry_id IS NULL) = (debited IS NULL) AND (entry_id IS NULL OR state = 'captured')),
  CONSTRAINT audited_withdrawal_order CHECK (num_nulls(order_venue, order_asset, order_amount, order_destination, equality_key, ordered_at) IN (0, 6)),
  CONSTRAINT audited_withdrawal_payment CHECK (
    num_nulls(paid_reference, paid_form, paid_currency, paid_status, paid_at, paid_seen_at, paid_read_at) IN (0, 7)
    AND (paid_reference IS NULL OR (order_venue IS NOT NULL AND client_reference IS NOT NULL)))
) WITH (fillfactor=40);
CREATE INDEX audited_withdrawal_open ON audited_withdrawal (account_id, asset, seen_at) WHERE state = 'placed';
CREATE INDEX audited_withdrawal_released ON audited_withdrawal (ended_seen_at) WHERE state = 'released' AND release_judged_at IS NULL;
CREATE INDEX audited_withdrawal_entry ON audited_withdrawal (entry_id) WHERE entry_id IS NOT NULL;
CREATE INDEX audited_withdrawal_not_requested ON audited_withdrawal (withdrawal_id) WHERE requested_by IS NULL;
CREATE INDEX audited_withdrawal_equal ON audited_withdrawal (order_venue, equality_key) WHERE order_venue IS NOT NULL;
CREATE INDEX audited_withdrawal_reference ON audited_withdrawal (order_venue, client_reference) WHERE order_venue IS NOT NULL;
CREATE INDEX audited_withdrawal_times ON audited_withdrawal USING brin (ended_seen_at, paid_seen_at) WITH (autosummarize = on);

-- Public keys of accounts that sign their orders.
CREATE TABLE audited_signer (
  account_id uuid NOT NULL,
  public_key text NOT NULL,
  seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (account_id, public_key)
);

-- Statements of connectors that nothing was paid.
CREATE TABLE audited_refusal (
  withdrawal_id uuid NOT NULL,
  venue         text NOT NULL,
  digest        text,
  refused_at    timestamptz NOT NULL,
  seen_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (withdrawal_id, venue)
);

CREATE TABLE audited_connector (
  venue        text PRIMARY KEY,
  signed_since timestamptz NOT NULL,
  signed_until timestamptz NOT NULL
);

CREATE TABLE audited_command_refusal (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  command_id    text NOT NULL UNIQUE,
  withdrawal_id uuid NOT NULL,
  command       text NOT NULL,
  reason        text NOT NULL,
  refused_at    timestamptz NOT NULL,
  seen_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Orders that are not part of the row of their withdrawal: read apart from the hold, or of a further venue.
CREATE TABLE audited_order (
  withdrawal_id    uuid NOT NULL,
  venue            text NOT NULL,
  asset            text NOT NULL,
  amount           numeric NOT NULL,
  destination      text NOT NULL,
  equality_key     text NOT NULL,
  client_reference text,
  ordered_at       timestamptz NOT NULL,
  seen_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (withdrawal_id, venue)
);
CREATE INDEX audited_order_equal ON audited_order (venue, equality_key);
CREATE INDEX audited_order_reference ON audited_order (venue, client_reference);

CREATE TABLE audited_head (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  shard    text NOT NULL,
  sequence bigint NOT NULL,
  hash     text NOT NULL,
  seen_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (shard, sequence)
);

CREATE TABLE audited_entry (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  service       text NOT NULL,
  number        bigint NOT NULL,
  hash          text NOT NULL,
  previous_hash text NOT NULL,
  call_id       text NOT NULL,
  caller_kind   text NOT NULL,
  caller_name   text NOT NULL,
  method        text NOT NULL,
  route         text NOT NULL,
  target        text NOT NULL,
  status        int,
  recorded_at   timestamptz NOT NULL,
  seen_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (service, number, hash)
);
CREATE INDEX audited_entry_seen ON audited_entry (seen_at);
CREATE INDEX audited_entry_call ON audited_entry (service, call_id);

-- A row without approved_by is the demand of a first person, any other row is the approval of a second person. requested_names: folded spellings; names
-- with a common spelling belong to one person.
CREATE TABLE audited_demand (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id      text NOT NULL UNIQUE,
  service         text NOT NULL,
  demand_id       bigint NOT NULL,
  action          text NOT NULL,
  target          text NOT NULL,
  digest          text NOT NULL,
  requested_by    text NOT NULL,
  requested_names text[] NOT NULL,
  requested_at    timestamptz NOT NULL,
  approved_by     text,
  approved_names  text[],
  approved_at     timestamptz,
  call_id         text,
  seen_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((approved_by IS NULL) = (approved_at IS NULL) AND (approved_by IS NULL) = (approved_names IS NULL))
);
CREATE INDEX audited_demand_seen ON audited_demand (seen_at);
CREATE INDEX audited_demand_demand ON audited_demand (service, demand_id);
CREATE INDEX audited_demand_call ON audited_demand (service, call_id);

CREATE TABLE check_report (
  service     text NOT NULL,
  instance    text NOT NULL,
  check_name  text NOT NULL,
  every_ms    bigint NOT NULL,
  waited_ms   bigint NOT NULL,
  reported_at timestamptz NOT NULL,
  PRIMARY KEY (service, instance, check_name)
);

-- Payments that are not part of the row of their withdrawal. The last compared reading of the balances tells which payments are counted (final_seen_at).
CREATE TABLE venue_payment (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  venue            text NOT NULL,
  venue_reference  text NOT NULL,
  form             text NOT NULL,
  client_reference text,
  currency         text NOT NULL,
  network          text,
  destination      text,
  net              numeric,
  gross            numeric,
  venue_fee        numeric,
  equality_key     text,
  unlisted_key     text,
  status           text NOT NULL CHECK (status IN ('pending', 'broadcast', 'settled', 'failed')),
  venue_status     text NOT NULL,
  tx_hash          text,
  created_at       timestamptz NOT NULL,
  first_seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_seen_at     timestamptz NOT NULL,
  final_seen_at    timestamptz,
  withdrawal_id    uuid,
  flagged_at       timestamptz,
  UNIQUE (venue, venue_reference)
);
CREATE INDEX venue_payment_equal ON venue_payment (venue, equality_key);
CREATE INDEX venue_payment_order ON venue_payment (withdrawal_id) WHERE withdrawal_id IS NOT NULL;
CREATE INDEX venue_payment_open ON venue_payment (venue, created_at) WHERE status IN ('pending', 'broadcast');
CREATE INDEX venue_payment_unexplained ON venue_payment (id)
  WHERE withdrawal_id IS NULL AND flagged_at IS NULL AND status <> 'failed';
CREATE INDEX venue_payment_uncounted ON venue_payment (venue, currency, final_seen_at);

-- covered_from: begin of the readings.
CREATE TABLE venue_reading (
  venue            text PRIMARY KEY,
  read_through     timestamptz NOT NULL,
  completed_at     timestamptz NOT NULL,
  deep_read_at     timestamptz NOT NULL,
  covered_from     timestamptz,
  balances_read_at timestamptz
);

CREATE TABLE venue_balance (
  venue      text NOT NULL,
  currency   text NOT NULL,
  opening    numeric NOT NULL,
  opened_at  timestamptz NOT NULL,
  total      numeric NOT NULL,
  expected   numeric NOT NULL,
  risen      numeric NOT NULL DEFAULT 0,
  read_at    timestamptz NOT NULL,
  doubted_at timestamptz,
  PRIMARY KEY (venue, currency)
);

CREATE TABLE venue_balance_reading (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  venue    text NOT NULL,
  currency text NOT NULL,
  total    numeric NOT NULL,
  begun_at timestamptz NOT NULL,
  read_at  timestamptz NOT NULL
);

-- Groups of equal payments that a batch has changed, one row per venue.
CREATE TABLE changed_groups (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  venue         text NOT NULL,
  equality_keys text[] NOT NULL CHECK (cardinality(equality_keys) > 0)
);

-- Final blocks read of each chain. coins_block: block of the last reading of the coins.
CREATE TABLE wallet_reading (
  network      text PRIMARY KEY,
  block_number bigint NOT NULL,
  block_hash   text NOT NULL,
  sent         jsonb NOT NULL,
  coins_block  bigint
);

-- Coins of our own addresses. sent, received and gas are sums since block_number; all blocks up to counted_to are in these sums.
CREATE TABLE wallet_coins (
  network       text NOT NULL,
  address       text NOT NULL,
  asset         text NOT NULL,
  opening       numeric NOT NULL,
  opening_block bigint NOT NULL,
  total         numeric NOT NULL,
  block_number  bigint NOT NULL,
  block_at      timestamptz NOT NULL,
  sent          numeric NOT NULL,
  received      numeric NOT NULL,
  gas           numeric NOT NULL,
  risen         numeric NOT NULL,
  counted_to    bigint NOT NULL,
  PRIMARY KEY (network, address, asset)
);

CREATE TABLE wallet_gas (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  network      text NOT NULL,
  address      text NOT NULL,
  hour         timestamptz NOT NULL,
  spent        numeric NOT NULL,
  transactions bigint NOT NULL,
  UNIQUE (network, hour, address)
);

CREATE TABLE issued_permit (
  venue     text PRIMARY KEY,
  number    bigint NOT NULL DEFAULT 0,
  cover     text,
  issued_at timestamptz
);

-- A condition, for example an outage of a venue, ends by itself; a difference is closed by two people. number and open_seal: written at the end of the
-- transaction that opens the finding.
CREATE TABLE finding (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number            bigint UNIQUE,
  kind              text NOT NULL,
  scope             text NOT NULL CHECK (scope IN ('all', 'venue', 'asset', 'account')),
  target            text,
  subject           text NOT NULL,
  evidence          jsonb NOT NULL,
  is_condition      boolean NOT NULL DEFAULT false,
  fact_at           timestamptz NOT NULL,
  opened_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  open_seal         text,
  closed_at         timestamptz,
  closed_by         text,
  close_approved_by text,
  close_reason      text,
  end_seal          text,
  UNIQUE (kind, subject),
  CHECK ((scope = 'all') = (target IS NULL)),
  CONSTRAINT finding_closed_by_two CHECK (
    (closed_at IS NULL AND closed_by IS NULL AND close_approved_by IS NULL AND close_reason IS NULL)
    OR (closed_at IS NOT NULL AND close_reason IS NOT NULL AND closed_by IS NOT NULL AND close_approved_by IS NOT NULL AND lower(closed_by) <> lower(close_approved_by))
    OR (is_condition AND closed_at IS NOT NULL AND close_reason IS NOT NULL AND closed_by IS NULL AND close_approved_by IS NULL))
);
CREATE INDEX finding_open ON finding (id) WHERE closed_at IS NULL;

-- One row: the last number of a finding.
CREATE TABLE finding_counter (
  id   int PRIMARY KEY CHECK (id = 1),
  last bigint NOT NULL DEFAULT 0
);

INSERT INTO audit_progress (id) VALUES (1);
INSERT INTO finding_counter (id) VALUES (1);
