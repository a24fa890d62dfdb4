import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each look-up searches for requests that were put back after a restore. The index is built without a transaction, so that the service continues. */
export class PutBackIndex1795651000000 implements MigrationInterface {
  readonly name = 'PutBackIndex1795651000000';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS attempt_put_back');
    await runner.query(
      'CREATE INDEX CONCURRENTLY attempt_put_back ON attempt (withdrawal_id) WHERE put_back_at IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX CONCURRENTLY attempt_put_back');
  }
}
