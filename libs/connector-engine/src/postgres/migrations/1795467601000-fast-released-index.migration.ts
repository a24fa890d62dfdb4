import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Index for the sum of recent releases after a single look-up, read before each further release.
 * Runs without a transaction, to keep the service running.
 */
export class FastReleasedIndex1795467601000 implements MigrationInterface {
  readonly name = 'FastReleasedIndex1795467601000';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS submission_fast_released');
    await runner.query(
      'CREATE INDEX CONCURRENTLY submission_fast_released ON submission (finished_at) WHERE fast_released_eur IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX CONCURRENTLY submission_fast_released');
  }
}
