import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the venue's clock said before each request left, and what its records have shown. */
export class VenueTime1764410000000 implements MigrationInterface {
  readonly name = 'VenueTime1764410000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(VENUE_TIME);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(NO_VENUE_TIME);
  }
}

// venue_time: before the first byte of the first attempt left; last_venue_time: before the last request left, a repeat included.
// What was sent before these columns was sent within an hour of what our clock said: an hour too early and too late is safe.
// covering_lookups: empty look-ups that provably covered the submit. listed_at: when the venue's records first showed it.
// not_listed_at: since when a person may decide about it, because they never did.
const VENUE_TIME = `
  ALTER TABLE submission
    ADD COLUMN venue_time       timestamptz,
    ADD COLUMN last_venue_time  timestamptz,
    ADD COLUMN covering_lookups integer NOT NULL DEFAULT 0,
    ADD COLUMN listed_at        timestamptz,
    ADD COLUMN not_listed_at    timestamptz;
  ALTER TABLE attempt ADD COLUMN venue_time timestamptz;
  UPDATE attempt SET venue_time = intended_at - interval '1 hour';
  UPDATE submission SET venue_time = submitted_at - interval '1 hour', last_venue_time = submitted_at + interval '1 hour' WHERE submitted_at IS NOT NULL;
  ALTER TABLE attempt ALTER COLUMN venue_time SET NOT NULL;
  ALTER TABLE submission ADD CONSTRAINT submission_venue_time CHECK (submitted_at IS NULL OR (venue_time IS NOT NULL AND last_venue_time IS NOT NULL));
  ALTER TABLE decision ADD COLUMN decided_by text, ADD COLUMN confirmed_by text, ADD CHECK (confirmed_by <> decided_by);
  CREATE TABLE decision_proposal (
    withdrawal_id   uuid PRIMARY KEY REFERENCES submission,
    attempt         integer NOT NULL,
    decision        text NOT NULL CHECK (decision IN ('paid','absent')),
    evidence        text NOT NULL CHECK (length(evidence) > 0),
    venue_reference text,
    proposed_by     text NOT NULL CHECK (length(proposed_by) > 0),
    proposed_at     timestamptz NOT NULL DEFAULT now()
  )`;

const NO_VENUE_TIME = `
  DROP TABLE decision_proposal;
  ALTER TABLE decision DROP COLUMN decided_by, DROP COLUMN confirmed_by;
  ALTER TABLE attempt DROP COLUMN venue_time;
  ALTER TABLE submission DROP CONSTRAINT submission_venue_time, DROP COLUMN venue_time, DROP COLUMN last_venue_time, DROP COLUMN covering_lookups,
    DROP COLUMN listed_at, DROP COLUMN not_listed_at`;
