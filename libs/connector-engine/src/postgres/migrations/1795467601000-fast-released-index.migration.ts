import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The sum of what one look-up released lately is read before each further release. Without a transaction, so that the service goes on. */
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
