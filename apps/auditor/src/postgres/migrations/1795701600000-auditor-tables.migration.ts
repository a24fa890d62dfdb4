import type { MigrationInterface, QueryRunner } from 'typeorm';

const FACTS = `
  CREATE TABLE audit_progress (
    id               int PRIMARY KEY CHECK (id = 1),
    started_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    oldest_fact_at   timestamptz,
    followed_through timestamptz
  );
  INSERT INTO audit_progress (id) VALUES (1);

  CREATE TABLE audited_opening (
    account_id uuid PRIMARY KEY,
    seen_at    timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  CREATE TABLE audited_account (
    account_id uuid NOT NULL,
    asset      text NOT NULL,
    balance    numeric NOT NULL DEFAULT 0,
    held       numeric NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, asset)
  );
  CREATE INDEX audited_account_short ON audited_account (account_id, asset) WHERE balance < held;

  CREATE TABLE audited_movement (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_id   text NOT NULL,
    account_id uuid NOT NULL,
    asset      text NOT NULL,
    amount     numeric NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('funding', 'transfer', 'capture', 'reversal')),
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

  CREATE TABLE audited_hold (
    withdrawal_id uuid PRIMARY KEY,
    account_id    uuid NOT NULL,
    asset         text NOT NULL,
    amount        numeric NOT NULL,
    digest        text,
    venue         text,
    state         text NOT NULL DEFAULT 'placed' CHECK (state IN ('placed', 'captured', 'released', 'expired')),
    placed_at     timestamptz NOT NULL,
    ended_at      timestamptz,
    seen_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_seen_at timestamptz,
    CHECK ((state = 'placed') = (ended_seen_at IS NULL))
  );
  CREATE INDEX audited_hold_open ON audited_hold (account_id, asset, seen_at) WHERE state = 'placed';

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
  );`;

const VENUES = `
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
    equality_key     text,
    unlisted_key     text,
    status           text NOT NULL CHECK (status IN ('pending', 'broadcast', 'settled', 'failed')),
    venue_status     text NOT NULL,
    tx_hash          text,
    created_at       timestamptz NOT NULL,
    first_seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_seen_at     timestamptz NOT NULL,
    withdrawal_id    uuid,
    flagged_at       timestamptz,
    UNIQUE (venue, venue_reference)
  );
  CREATE INDEX venue_payment_equal ON venue_payment (venue, equality_key);
  CREATE INDEX venue_payment_order ON venue_payment (withdrawal_id) WHERE withdrawal_id IS NOT NULL;
  CREATE INDEX venue_payment_open ON venue_payment (venue, created_at) WHERE status IN ('pending', 'broadcast');
  CREATE INDEX venue_payment_unexplained ON venue_payment (id)
    WHERE withdrawal_id IS NULL AND flagged_at IS NULL AND status <> 'failed';

  CREATE TABLE venue_reading (
    venue        text PRIMARY KEY,
    read_through timestamptz NOT NULL,
    completed_at timestamptz NOT NULL,
    deep_read_at timestamptz NOT NULL
  );

  CREATE TABLE dirty_group (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    venue        text NOT NULL,
    equality_key text NOT NULL
  );`;

const FINDINGS = `
  CREATE TABLE finding (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind              text NOT NULL,
    scope             text NOT NULL CHECK (scope IN ('all', 'venue', 'asset', 'account')),
    target            text,
    subject           text NOT NULL,
    evidence          jsonb NOT NULL,
    fact_at           timestamptz NOT NULL,
    opened_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    closed_at         timestamptz,
    closed_by         text,
    close_approved_by text,
    close_reason      text,
    UNIQUE (kind, subject),
    CHECK ((scope = 'all') = (target IS NULL)),
    CONSTRAINT finding_closed_by_two CHECK (
      (closed_at IS NULL AND closed_by IS NULL AND close_approved_by IS NULL AND close_reason IS NULL)
      OR (closed_at IS NOT NULL AND close_reason IS NOT NULL AND lower(closed_by) <> lower(close_approved_by)))
  );
  CREATE INDEX finding_open ON finding (id) WHERE closed_at IS NULL;`;

export class AuditorTables1795701600000 implements MigrationInterface {
  readonly name = 'AuditorTables1795701600000';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [FACTS, VENUES, FINDINGS]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE finding, dirty_group, venue_reading, venue_payment, audited_head, audited_order, audited_hold, audited_reversal, audited_movement, audited_account, audited_opening, audit_progress',
    );
  }
}
