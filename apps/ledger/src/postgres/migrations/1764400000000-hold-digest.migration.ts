import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The digest that intake made of a hold's order: events about the hold carry it, and a second order under the same id is refused. */
export class LedgerHoldDigest1764400000000 implements MigrationInterface {
  readonly name = 'LedgerHoldDigest1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hold ADD COLUMN digest text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hold DROP COLUMN digest');
  }
}
