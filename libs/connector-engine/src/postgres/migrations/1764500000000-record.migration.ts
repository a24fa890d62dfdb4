import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the venue's records have been read, which of them belong to no submission, and which orders are looked up before they are sent. */
export class Record1764500000000 implements MigrationInterface {
  readonly name = 'Record1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RECORD);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(NO_RECORD);
  }
}

// baseline, read_through: by the venue's clock; records from before the baseline are not reported. read_at, deep_read_at: by
// ours. equality_keys: what a submission of this payment would have as its equality_key, one for each form that the record may be of.
// amount_key: its currency and amount alone. reported_at: when it became a case. closed_at: a submission has it, or a person has looked.
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
    equality_keys        text[] NOT NULL,
    amount_key       text NOT NULL,
    destination      text,
    gross            text NOT NULL,
    venue_status     text NOT NULL,
    created_at       timestamptz NOT NULL,
    seen_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    reported_at          timestamptz,
    closed_at        timestamptz,
    closed_because   text,
    CHECK ((closed_at IS NULL) = (closed_because IS NULL))
  );
  CREATE INDEX unclaimed_record_reference ON unclaimed_record (client_reference) WHERE closed_at IS NULL;
  CREATE INDEX unclaimed_record_equality_keys ON unclaimed_record USING gin (equality_keys) WHERE closed_at IS NULL;
  CREATE INDEX unclaimed_record_unreported ON unclaimed_record (seen_at) WHERE closed_at IS NULL AND reported_at IS NULL;
  ALTER TABLE submission ADD COLUMN lookup_first boolean NOT NULL DEFAULT false;
  CREATE INDEX submission_lookup_first ON submission (form, seq) WHERE state = 'prepared' AND lookup_first;
  CREATE INDEX submission_venue_reference_any ON submission (venue_reference) WHERE venue_reference IS NOT NULL;
  CREATE INDEX submission_equality_key ON submission (equality_key) WHERE equality_key IS NOT NULL`;

const NO_RECORD = `
  DROP INDEX submission_lookup_first, submission_venue_reference_any, submission_equality_key;
  ALTER TABLE submission DROP COLUMN lookup_first;
  DROP TABLE unclaimed_record, record_cursor`;
