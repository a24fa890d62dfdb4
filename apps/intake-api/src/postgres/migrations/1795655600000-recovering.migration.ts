import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `behind`: Kafka has newer steps than this database, and the lost withdrawals are not yet on record
 * again. `identity`: server, timeline and database of the last sign of life.
 */
export class Recovering1795655600000 implements MigrationInterface {
  readonly name = 'Recovering1795655600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE life ADD COLUMN behind boolean NOT NULL DEFAULT false, ADD COLUMN identity text',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE life DROP COLUMN behind, DROP COLUMN identity');
  }
}
