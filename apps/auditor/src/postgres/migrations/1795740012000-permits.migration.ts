import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds the numbers of the permits, and the seals of closings. A condition, for example an outage of a venue, ends by itself; a
 * difference is closed by two people.
 */
export class Permits1795740012000 implements MigrationInterface {
  readonly name = 'Permits1795740012000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE issued_permit (
        venue     text PRIMARY KEY,
        number    bigint NOT NULL DEFAULT 0,
        cover     text,
        issued_at timestamptz
      );
      ALTER TABLE finding ADD COLUMN is_condition boolean NOT NULL DEFAULT false, ADD COLUMN end_seal text, ADD COLUMN ended_before_seals boolean NOT NULL DEFAULT false;
      UPDATE finding SET ended_before_seals = true WHERE closed_at IS NOT NULL;
      CREATE TRIGGER no_mark BEFORE INSERT ON finding FOR EACH ROW WHEN (NEW.ended_before_seals) EXECUTE FUNCTION refuse_mark();
      ALTER TABLE finding DROP CONSTRAINT finding_closed_by_two;
      ALTER TABLE finding ADD CONSTRAINT finding_closed_by_two CHECK (
        (closed_at IS NULL AND closed_by IS NULL AND close_approved_by IS NULL AND close_reason IS NULL)
        OR (closed_at IS NOT NULL AND close_reason IS NOT NULL AND closed_by IS NOT NULL AND close_approved_by IS NOT NULL AND lower(closed_by) <> lower(close_approved_by))
        OR (is_condition AND closed_at IS NOT NULL AND close_reason IS NOT NULL AND closed_by IS NULL AND close_approved_by IS NULL))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE finding DROP CONSTRAINT finding_closed_by_two;
      UPDATE finding SET closed_by = 'auditor', close_approved_by = 'venue' WHERE is_condition AND closed_at IS NOT NULL AND closed_by IS NULL;
      ALTER TABLE finding ADD CONSTRAINT finding_closed_by_two CHECK (
        (closed_at IS NULL AND closed_by IS NULL AND close_approved_by IS NULL AND close_reason IS NULL)
        OR (closed_at IS NOT NULL AND close_reason IS NOT NULL AND lower(closed_by) <> lower(close_approved_by)));
      DROP TRIGGER no_mark ON finding;
      ALTER TABLE finding DROP COLUMN is_condition, DROP COLUMN end_seal, DROP COLUMN ended_before_seals;
      DROP TABLE issued_permit`);
  }
}
