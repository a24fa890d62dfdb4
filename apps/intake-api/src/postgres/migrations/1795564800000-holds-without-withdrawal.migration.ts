import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Holds of the ledger whose withdrawal intake-api does not have, because its database was put back. */
export class HoldsWithoutWithdrawal1795564800000 implements MigrationInterface {
  readonly name = 'HoldsWithoutWithdrawal1795564800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE hold_without_withdrawal (
        withdrawal_id uuid PRIMARY KEY,
        account_id    uuid NOT NULL,
        asset         text NOT NULL,
        amount        numeric NOT NULL,
        placed_at     timestamptz NOT NULL,
        found_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        resolved_at   timestamptz
      );
      CREATE INDEX hold_without_withdrawal_open ON hold_without_withdrawal (placed_at) WHERE resolved_at IS NULL;

      -- The ledger's placed holds are read from the newest to the oldest, and then anew; null: the reading begins anew.
      ALTER TABLE ledger_comparison ADD COLUMN holds_read_to uuid`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE ledger_comparison DROP COLUMN holds_read_to;
      DROP TABLE hold_without_withdrawal`);
  }
}
