import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Until when was reported what was sent. Attempts are stored in the order of their times, so a BRIN index finds those of a minute cheaply. */
export class SentReport1764610000000 implements MigrationInterface {
  readonly name = 'SentReport1764610000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sent_report (one boolean PRIMARY KEY DEFAULT true CHECK (one), reported_to timestamptz NOT NULL DEFAULT clock_timestamp());
      INSERT INTO sent_report DEFAULT VALUES;
      CREATE INDEX attempt_by_time ON attempt USING brin (intended_at) WITH (pages_per_range = 16, autosummarize = on)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX attempt_by_time; DROP TABLE sent_report');
  }
}
