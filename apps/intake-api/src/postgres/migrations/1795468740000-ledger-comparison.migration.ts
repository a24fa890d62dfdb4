import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The comparison of withdrawals with the ledger's holds: how far it has come, the newest heads of the ledger's chains, what had
 * not ended when it was compared, and what differs. A comparison begins with the newest withdrawals; its sweep covers the older ones.
 */
export class LedgerComparison1795468740000 implements MigrationInterface {
  readonly name = 'LedgerComparison1795468740000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One row. swept_to: the sweep goes from the newest number down to the oldest; null: it begins anew.
      CREATE TABLE ledger_comparison (
        one           boolean PRIMARY KEY DEFAULT true CHECK (one),
        next_run_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
        compared_to   bigint NOT NULL,
        swept_to      bigint,
        sweep_urgent  boolean NOT NULL DEFAULT false,
        compared_at   timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      INSERT INTO ledger_comparison (compared_to) SELECT coalesce(max(number), 0) FROM withdrawal;

      CREATE TABLE ledger_head (
        shard     smallint PRIMARY KEY,
        sequence  bigint NOT NULL,
        hash      text NOT NULL,
        key       text NOT NULL,
        signature text NOT NULL
      );

      CREATE TABLE ledger_unsettled (withdrawal_id uuid PRIMARY KEY);

      CREATE TABLE ledger_difference (
        withdrawal_id uuid PRIMARY KEY,
        kind          text NOT NULL,
        detail        text NOT NULL,
        found_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        requested_by  text,
        approved_by   text,
        evidence      text,
        answer        text,
        resolved_at   timestamptz,
        CONSTRAINT sent_again_by_two CHECK (num_nonnulls(requested_by, approved_by, evidence) IN (0, 3)),
        CONSTRAINT sent_again_by_another CHECK (lower(requested_by) <> lower(approved_by))
      );
      CREATE INDEX ledger_difference_open ON ledger_difference (found_at) WHERE resolved_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE ledger_difference, ledger_unsettled, ledger_head, ledger_comparison',
    );
  }
}
