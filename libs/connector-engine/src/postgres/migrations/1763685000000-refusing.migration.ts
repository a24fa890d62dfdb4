import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A refusal of the venue counts only after its records were searched once. */
export class Refusing1763685000000 implements MigrationInterface {
  readonly name = 'Refusing1763685000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REFUSING);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(NOT_REFUSING);
  }
}

// refusal: the venue's answer, published when its records have been searched: {reason, venueCode, message}.
const REFUSING = `
  ALTER TABLE submission
    ADD COLUMN refusal jsonb,
    DROP CONSTRAINT submission_state_check,
    ADD CONSTRAINT submission_state_check CHECK (state IN
      ('prepared','sending','refusing','accepted','unknown','repeating','undecided','disputed','refused','settled','failed')),
    ADD CONSTRAINT submission_refusing CHECK (state <> 'refusing' OR refusal IS NOT NULL);
  ALTER TABLE attempt
    DROP CONSTRAINT attempt_state_check,
    ADD CONSTRAINT attempt_state_check CHECK (state IN ('sending','refusing','accepted','unknown','undecided','not_sent','absent','refused','failed'));
  CREATE INDEX submission_refusing ON submission (next_action_at) WHERE state = 'refusing';
  DROP INDEX submission_one_undecided_equal;
  CREATE UNIQUE INDEX submission_one_undecided_equal ON submission (form, equality_key)
    WHERE equality_key IS NOT NULL AND state IN ('sending','refusing','unknown','undecided')`;

const NOT_REFUSING = `
  UPDATE attempt a SET state = 'unknown' FROM submission s WHERE s.state = 'refusing' AND a.withdrawal_id = s.withdrawal_id AND a.state = 'refusing';
  UPDATE submission SET state = 'unknown', given_up_at = clock_timestamp() WHERE state = 'refusing';
  DROP INDEX submission_refusing;
  DROP INDEX submission_one_undecided_equal;
  CREATE UNIQUE INDEX submission_one_undecided_equal ON submission (form, equality_key) WHERE equality_key IS NOT NULL AND state IN ('sending','unknown','undecided');
  ALTER TABLE attempt
    DROP CONSTRAINT attempt_state_check,
    ADD CONSTRAINT attempt_state_check CHECK (state IN ('sending','accepted','unknown','undecided','not_sent','absent','refused','failed'));
  ALTER TABLE submission
    DROP CONSTRAINT submission_refusing,
    DROP COLUMN refusal,
    DROP CONSTRAINT submission_state_check,
    ADD CONSTRAINT submission_state_check CHECK (state IN
      ('prepared','sending','accepted','unknown','repeating','undecided','disputed','refused','settled','failed'))`;
