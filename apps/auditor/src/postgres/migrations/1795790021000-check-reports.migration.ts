import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the reports of checks. */
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
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE audit_progress DROP COLUMN followed_since;
      DROP TABLE check_report;
    `);
  }
}
