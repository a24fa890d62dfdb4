import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the reports of checks. A condition, such as a missed check, ends by itself. */
export class CheckReports1795790021000 implements MigrationInterface {
  readonly name = 'CheckReports1795790021000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE check_report (
        service     text NOT NULL,
        instance    text NOT NULL,
        check_name  text NOT NULL,
        every_ms    bigint NOT NULL,
        waited_ms   bigint NOT NULL,
        reported_at timestamptz NOT NULL,
        PRIMARY KEY (service, instance, check_name)
      );
      ALTER TABLE audit_progress ADD COLUMN followed_since timestamptz;
      ALTER TABLE finding ADD COLUMN IF NOT EXISTS is_condition boolean NOT NULL DEFAULT false;
      ALTER TABLE finding DROP CONSTRAINT finding_closed_by_two;
      ALTER TABLE finding ADD CONSTRAINT finding_closed_by_two CHECK (
        (closed_at IS NULL AND closed_by IS NULL AND close_approved_by IS NULL AND close_reason IS NULL)
        OR (closed_at IS NOT NULL AND close_reason IS NOT NULL AND lower(closed_by) <> lower(close_approved_by))
        OR (is_condition AND closed_at IS NOT NULL AND close_reason IS NOT NULL AND closed_by IS NULL AND close_approved_by IS NULL));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE finding DROP CONSTRAINT finding_closed_by_two;
      UPDATE finding SET closed_by = 'auditor', close_approved_by = 'service' WHERE is_condition AND closed_at IS NOT NULL AND closed_by IS NULL;
      ALTER TABLE finding ADD CONSTRAINT finding_closed_by_two CHECK (
        (closed_at IS NULL AND closed_by IS NULL AND close_approved_by IS NULL AND close_reason IS NULL)
        OR (closed_at IS NOT NULL AND close_reason IS NOT NULL AND lower(closed_by) <> lower(close_approved_by)));
      ALTER TABLE finding DROP COLUMN is_condition;
      ALTER TABLE audit_progress DROP COLUMN followed_since;
      DROP TABLE check_report;
    `);
  }
}
