import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The few unclaimed records of which intake-api does not know the present state. Without a transaction, so that the index locks nothing. */
export class UnclaimedToReport1795468090000 implements MigrationInterface {
  readonly name = 'UnclaimedToReport1795468090000';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS unclaimed_record_to_report');
    await runner.query(TO_REPORT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX CONCURRENTLY unclaimed_record_to_report');
  }
}

const TO_REPORT = `
  CREATE INDEX CONCURRENTLY unclaimed_record_to_report ON unclaimed_record (seen_at)
   WHERE reported_as IS DISTINCT FROM CASE WHEN closed_at IS NULL THEN 'open' ELSE 'closed' END`;
