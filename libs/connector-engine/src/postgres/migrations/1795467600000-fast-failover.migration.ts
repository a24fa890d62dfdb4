import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an order that one look-up released after a refusal was worth; null for an order that ended otherwise. */
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
