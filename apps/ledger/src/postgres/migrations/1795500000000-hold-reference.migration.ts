import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An account has one hold for each reference of a client. A refused hold has none, so that no update of a hold touches the index. */
export class LedgerHoldReference1795500000000 implements MigrationInterface {
  readonly name = 'LedgerHoldReference1795500000000';
  readonly transaction = false; // the index of a large table is built while the ledger goes on

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hold ADD COLUMN IF NOT EXISTS reference text');
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS hold_once_per_reference');
    await runner.query(
      'CREATE UNIQUE INDEX CONCURRENTLY hold_once_per_reference ON hold (account_id, reference) WHERE reference IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hold DROP COLUMN reference');
  }
}
