import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What has to be known to ask again for overdue answers: the withdrawals that did not end at once, the venue's fee until the ledger has
 * booked it, the accounts that the ledger has not opened, and the deadline that a venue after the first was given. Accounts created before
 * count as not opened: the ledger is asked once and answers as it did the first time.
 */
export class Recovery1764500000000 implements MigrationInterface {
  readonly name = 'Recovery1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE withdrawal
        ADD COLUMN submit_by          timestamptz,
        ADD COLUMN venue_fee          numeric CHECK (venue_fee > 0),
        ADD COLUMN venue_fee_recorded boolean NOT NULL DEFAULT false;

      ALTER TABLE account ADD COLUMN ledger_opened_at timestamptz;
      CREATE INDEX account_not_opened ON account (created_at) WHERE ledger_opened_at IS NULL;

      -- States have no index, for every step would have to change it. What is still open some seconds after the request is listed here.
      CREATE TABLE open_withdrawal (id uuid PRIMARY KEY);

      -- One row. Up to scanned_to every withdrawal has ended or stands in open_withdrawal. Those up to scan_next_to follow once no transaction is
      -- left that may still commit a smaller number: all that had begun when it was read are before scan_next_xid.
      CREATE TABLE recovery (
        one           boolean PRIMARY KEY DEFAULT true CHECK (one),
        next_run_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
        run_number    bigint NOT NULL DEFAULT 0,
        was_blocked   boolean NOT NULL DEFAULT false,
        repeat_all    boolean NOT NULL DEFAULT false,
        scanned_to    bigint NOT NULL DEFAULT 0,
        scan_next_to  bigint NOT NULL DEFAULT 0,
        scan_next_xid xid8 NOT NULL DEFAULT '0'
      );
      INSERT INTO recovery DEFAULT VALUES`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE recovery, open_withdrawal;
      ALTER TABLE account DROP COLUMN ledger_opened_at;
      ALTER TABLE withdrawal DROP COLUMN submit_by, DROP COLUMN venue_fee, DROP COLUMN venue_fee_recorded`);
  }
}
