import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An unknown attempt may be repeated with the same request; the repeat is leased like a first send. */
export class Repeating1763635000000 implements MigrationInterface {
  readonly name = 'Repeating1763635000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REPEATING);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(NOT_REPEATING);
  }
}

const REPEATING = `
  ALTER TABLE submission
    DROP CONSTRAINT submission_state_check,
    DROP CONSTRAINT submission_check,
    ADD CONSTRAINT submission_state_check CHECK (state IN
      ('prepared','sending','accepted','unknown','repeating','undecided','disputed','refused','settled','failed')),
    ADD CONSTRAINT submission_check CHECK ((state IN ('sending','repeating')) = (lease_token IS NOT NULL));
  DROP INDEX submission_leased;
  CREATE INDEX submission_leased ON submission (lease_until) WHERE state IN ('sending','repeating')`;

const NOT_REPEATING = `
  UPDATE submission SET state = 'unknown', lease_owner = NULL, lease_token = NULL, lease_until = NULL, given_up_at = clock_timestamp() WHERE state = 'repeating';
  ALTER TABLE submission
    DROP CONSTRAINT submission_state_check,
    DROP CONSTRAINT submission_check,
    ADD CONSTRAINT submission_state_check CHECK (state IN
      ('prepared','sending','accepted','unknown','undecided','disputed','refused','settled','failed')),
    ADD CONSTRAINT submission_check CHECK ((state = 'sending') = (lease_token IS NOT NULL));
  DROP INDEX submission_leased;
  CREATE INDEX submission_leased ON submission (lease_until) WHERE state = 'sending'`;
