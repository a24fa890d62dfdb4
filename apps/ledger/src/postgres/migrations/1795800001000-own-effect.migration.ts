import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Limits the index over effective times of folded sums to sums with an effective time of their own.
 * Nearly all sums take effect when they are recorded, and `shared_by_recorded` finds them.
 */
export class OwnEffect1795800001000 implements MigrationInterface {
  readonly name = 'OwnEffect1795800001000';
  readonly transaction = false;
  readonly contracts = {
    since: '0.3.0',
    because:
      'release 0.3.0 still reads the balance of a shared account by effective time, only slower',
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS shared_by_own_effect');
    await runner.query(
      `CREATE INDEX CONCURRENTLY shared_by_own_effect ON shared_sum (account, effective_at) WHERE folded AND effective_at <> recorded_at`,
    );
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS shared_by_effective');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS shared_by_effective');
    await runner.query(
      'CREATE INDEX CONCURRENTLY shared_by_effective ON shared_sum (account, effective_at) WHERE folded',
    );
    await runner.query('DROP INDEX CONCURRENTLY shared_by_own_effect');
  }
}
