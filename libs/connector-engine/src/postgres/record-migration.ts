import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the venue's record has been read, what is in it that nobody here has sent, and which orders are looked up before they are sent. */
export class Record1764500000000 implements MigrationInterface {
  readonly name = 'Record1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RECORD);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(NO_RECORD);
  }
}

// baseline, read_through: by the venue's clock; what was made before the baseline is nobody's to explain here. read_at, deep_read_at: by
// ours. twin_keys: what a submission of this payment would have as its twin_key, one for each form that the record may be of.
// amount_key: its currency and amount alone. told_at: since when it is a case. closed_at: it is tied to a submission, or a person has looked.
const RECORD = `
  CREATE TABLE record_cursor (
    form         text PRIMARY KEY,
    baseline     timestamptz NOT NULL,
    read_through timestamptz NOT NULL,
    read_at      timestamptz NOT NULL,
    deep_read_at timestamptz NOT NULL
  );
  CREATE TABLE unclaimed_record (
    venue_reference  text PRIMARY KEY,
    form             text NOT NULL,
    client_reference text,
    twin_keys        text[] NOT NULL,
    amount_key       text NOT NULL,
    destination      text,
    gross            text NOT NULL,
    venue_status     text NOT NULL,
    created_at       timestamptz NOT NULL,
    seen_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    told_at          timestamptz,
    closed_at        timestamptz,
    closed_because   text,
    CHECK ((closed_at IS NULL) = (closed_because IS NULL))
  );
  CREATE INDEX unclaimed_record_reference ON unclaimed_record (client_reference) WHERE closed_at IS NULL;
  CREATE INDEX unclaimed_record_twin ON unclaimed_record USING gin (twin_keys) WHERE closed_at IS NULL;
  CREATE INDEX unclaimed_record_untold ON unclaimed_record (seen_at) WHERE closed_at IS NULL AND told_at IS NULL;
  ALTER TABLE submission ADD COLUMN lookup_first boolean NOT NULL DEFAULT false;
  CREATE INDEX submission_lookup_first ON submission (form, seq) WHERE state = 'prepared' AND lookup_first;
  CREATE INDEX submission_venue_reference_any ON submission (venue_reference) WHERE venue_reference IS NOT NULL;
  CREATE INDEX submission_twin ON submission (twin_key) WHERE twin_key IS NOT NULL`;

const NO_RECORD = `
  DROP INDEX submission_lookup_first, submission_venue_reference_any, submission_twin;
  ALTER TABLE submission DROP COLUMN lookup_first;
  DROP TABLE unclaimed_record, record_cursor`;
