import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Value in EUR of an order released after a refusal and a single look-up; null for an order ended
 * otherwise.
 */
export class FastFailover1795467600000 implements MigrationInterface {
  readonly name = 'FastFailover1795467600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE submission ADD COLUMN fast_released_eur numeric CHECK (fast_released_eur >= 0)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE submission DROP COLUMN fast_released_eur');
  }
}
