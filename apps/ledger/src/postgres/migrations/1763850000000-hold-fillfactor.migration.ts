import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every hold is updated once, at the end, and grows by this update. With free space on the page,
 * four out of five updates are heap-only (no index is touched). At fillfactor 80 only one out of
 * five is heap-only.
 */
export class LedgerHoldFillfactor1763850000000 implements MigrationInterface {
  readonly name = 'LedgerHoldFillfactor1763850000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hold SET (fillfactor = 45)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hold SET (fillfactor = 80)');
  }
}
