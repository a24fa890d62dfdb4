import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Holds of the ledger whose withdrawal intake-api does not have, because its database was put back. */
export class LostWithdrawals1795564800000 implements MigrationInterface {
  readonly name = 'LostWithdrawals1795564800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- state: of the hold when it was found. Its terms are asked of the ledger, never read here.
      CREATE TABLE lost_withdrawal (
        withdrawal_id uuid PRIMARY KEY,
        account_id    uuid NOT NULL,
        asset         text NOT NULL,
        amount        numeric NOT NULL,
        state         text NOT NULL,
        placed_at     timestamptz NOT NULL,
        found_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        resolved_at   timestamptz
      );
      CREATE INDEX lost_withdrawal_open ON lost_withdrawal (placed_at) WHERE resolved_at IS NULL;

      -- Holds of the ledger with ids up to this one were compared. It goes back together with the withdrawals.
      ALTER TABLE ledger_comparison ADD COLUMN holds_compared_to uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000000';
      UPDATE ledger_comparison SET holds_compared_to = id FROM (SELECT id FROM withdrawal ORDER BY id DESC LIMIT 1) AS newest`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE ledger_comparison DROP COLUMN holds_compared_to;
      DROP TABLE lost_withdrawal`);
  }
}
