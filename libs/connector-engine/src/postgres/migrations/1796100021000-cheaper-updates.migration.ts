import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lets the outcome of an attempt change no index: an index with the state in its condition makes
 * PostgreSQL write every index of the row again. Submissions get one index of the venue's reference
 * instead of two.
 */
export class CheaperUpdates1796100021000 implements MigrationInterface {
  readonly name = 'CheaperUpdates1796100021000';
  readonly transaction = false;
  readonly contracts = {
    since: '0.3.0',
    because: 'the new keys refuse the same rows, and no ON CONFLICT names the former keys',
  };

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of REVERT) await runner.query(statement);
  }
}

const IS_OVER = "state IN ('not_sent', 'absent', 'refused')";

// is_over: the state is one of a withdrawal's former attempts. The triggers set the column for every
// release. An interrupted migration is repeated from the start; its indexes are invalid.
const STATEMENTS = [
  'ALTER TABLE attempt ADD COLUMN IF NOT EXISTS is_over boolean NOT NULL DEFAULT false',
  `CREATE OR REPLACE FUNCTION attempt_is_over() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       NEW.is_over := NEW.${IS_OVER};
       RETURN NEW;
     END $$`,
  'DROP TRIGGER IF EXISTS is_over_at_first ON attempt',
  `CREATE TRIGGER is_over_at_first BEFORE INSERT ON attempt FOR EACH ROW
     WHEN ((NEW.${IS_OVER}) <> NEW.is_over) EXECUTE FUNCTION attempt_is_over()`,
  'DROP TRIGGER IF EXISTS is_over_now ON attempt',
  `CREATE TRIGGER is_over_now BEFORE UPDATE OF state ON attempt FOR EACH ROW
     WHEN ((NEW.${IS_OVER}) <> NEW.is_over) EXECUTE FUNCTION attempt_is_over()`,
  `UPDATE attempt SET is_over = true WHERE ${IS_OVER} AND NOT is_over`,
  'DROP INDEX CONCURRENTLY IF EXISTS attempt_one_open',
  'CREATE UNIQUE INDEX CONCURRENTLY attempt_one_open ON attempt (withdrawal_id) WHERE NOT is_over',
  'DROP INDEX CONCURRENTLY IF EXISTS attempt_one_live',
  'DROP INDEX CONCURRENTLY IF EXISTS submission_reference_of_form',
  'CREATE UNIQUE INDEX CONCURRENTLY submission_reference_of_form ON submission (venue_reference, form) WHERE venue_reference IS NOT NULL',
  'DROP INDEX CONCURRENTLY IF EXISTS submission_venue_reference',
  'DROP INDEX CONCURRENTLY IF EXISTS submission_venue_reference_any',
];

const REVERT = [
  'CREATE UNIQUE INDEX CONCURRENTLY submission_venue_reference ON submission (form, venue_reference) WHERE venue_reference IS NOT NULL',
  'CREATE INDEX CONCURRENTLY submission_venue_reference_any ON submission (venue_reference) WHERE venue_reference IS NOT NULL',
  'DROP INDEX CONCURRENTLY submission_reference_of_form',
  `CREATE UNIQUE INDEX CONCURRENTLY attempt_one_live ON attempt (withdrawal_id) WHERE state NOT IN ('not_sent', 'absent', 'refused')`,
  'DROP INDEX CONCURRENTLY attempt_one_open',
  'DROP TRIGGER is_over_now ON attempt',
  'DROP TRIGGER is_over_at_first ON attempt',
  'DROP FUNCTION attempt_is_over',
  'ALTER TABLE attempt DROP COLUMN is_over',
];
