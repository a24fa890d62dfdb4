import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The restore after which the published steps of withdrawals were read, and the end of the time in
 * which signatures forgotten in a restore are still valid.
 */
export class StepsRead1795652000000 implements MigrationInterface {
  readonly name = 'StepsRead1795652000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE life ADD COLUMN steps_read uuid, ADD COLUMN forgets_until timestamptz',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE life DROP COLUMN steps_read, DROP COLUMN forgets_until');
  }
}
