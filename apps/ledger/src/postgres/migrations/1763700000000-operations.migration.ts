import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Holds that expire, freezes, transfers, reversals, and the moment from which an entry counts. */
export class LedgerOperations1763700000000 implements MigrationInterface {
  readonly name = 'LedgerOperations1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...ACCOUNT, ...HOLD, ...JOURNAL_ENTRY, ...POSTING])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

// Whether an account is frozen is read with it by every batch, so it stands there too; frozen-while-a-freeze-is-in-force holds it against the freezes.
const ACCOUNT = [
  'ALTER TABLE account ADD COLUMN frozen boolean NOT NULL DEFAULT false',
  `CREATE TABLE account_freeze (
     account_id uuid NOT NULL REFERENCES account,
     freeze_id  text NOT NULL,
     reason     text NOT NULL,
     frozen_at  timestamptz NOT NULL,
     lifted_at  timestamptz,
     PRIMARY KEY (account_id, freeze_id)
   )`,
];

// expires_at is emptied when the hold ends or its submission starts: the index has no more rows than the sweep has work, and the
// update of a hold that never expires leaves every index alone.
const HOLD = [
  'ALTER TABLE hold ADD COLUMN expires_at timestamptz, ADD COLUMN submission_started_at timestamptz, DROP CONSTRAINT hold_state',
  `ALTER TABLE hold ADD CONSTRAINT hold_state CHECK (CASE state
     WHEN 'placed'   THEN amount > 0 AND num_nonnulls(closed_at, captured, fee, venue, entry_id, reason) = 0
                          AND (expires_at IS NULL OR submission_started_at IS NULL)
     WHEN 'captured' THEN num_nulls(closed_at, captured, fee, venue, entry_id) = 0 AND captured > 0 AND fee >= 0 AND captured + fee <= amount
                          AND expires_at IS NULL
     WHEN 'released' THEN amount > 0 AND num_nulls(closed_at, reason) = 0 AND num_nonnulls(captured, fee, venue, entry_id, expires_at) = 0
     WHEN 'expired'  THEN amount > 0 AND closed_at IS NOT NULL
                          AND num_nonnulls(reason, captured, fee, venue, entry_id, expires_at, submission_started_at) = 0
     WHEN 'refused'  THEN reason IS NOT NULL AND num_nonnulls(closed_at, captured, fee, venue, entry_id, expires_at, submission_started_at) = 0
     ELSE false END)`,
  'CREATE INDEX hold_due ON hold (expires_at) WHERE expires_at IS NOT NULL',
];

// effective_at is NULL where an entry counts from when it was recorded.
const JOURNAL_ENTRY = [
  `ALTER TABLE journal_entry ADD COLUMN reverses uuid REFERENCES journal_entry, ADD COLUMN reason text, ADD COLUMN effective_at timestamptz,
     DROP CONSTRAINT entry_kind`,
  `ALTER TABLE journal_entry ADD CONSTRAINT entry_kind CHECK (CASE kind
     WHEN 'funding'   THEN reference IS NOT NULL AND withdrawal_id IS NULL AND num_nonnulls(reverses, reason) = 0
     WHEN 'transfer'  THEN reference IS NOT NULL AND withdrawal_id IS NULL AND num_nonnulls(reverses, reason) = 0
     WHEN 'capture'   THEN withdrawal_id IS NOT NULL AND num_nonnulls(reverses, reason) = 0
     WHEN 'venue_fee' THEN withdrawal_id IS NOT NULL AND num_nonnulls(reverses, reason) = 0
     WHEN 'reversal'  THEN num_nulls(reverses, reason) = 0
     ELSE false END)`,
  'DROP INDEX entry_once_per_withdrawal, funding_once_per_reference',
  `CREATE UNIQUE INDEX entry_once_per_withdrawal ON journal_entry (withdrawal_id, kind) WHERE kind IN ('capture', 'venue_fee')`,
  `CREATE UNIQUE INDEX entry_once_per_reference ON journal_entry (account_id, kind, reference) WHERE kind IN ('funding', 'transfer')`,
  'CREATE UNIQUE INDEX entry_reversed_once ON journal_entry (reverses) WHERE reverses IS NOT NULL',
  `CREATE INDEX reversal_by_withdrawal ON journal_entry (withdrawal_id) WHERE kind = 'reversal'`,
];

const POSTING = [
  `ALTER TABLE posting DROP CONSTRAINT posting_in_chart, ADD CONSTRAINT posting_in_chart CHECK
     (split_part(account, ':', 1) IN ('customer', 'clearing', 'hot-wallet', 'fee-income', 'venue-fee', 'funding', 'suspense'))`,
];

/** Only for a schema without rows of the new kinds. */
const DOWN = [
  `ALTER TABLE posting DROP CONSTRAINT posting_in_chart, ADD CONSTRAINT posting_in_chart CHECK
     (split_part(account, ':', 1) IN ('customer', 'clearing', 'fee-income', 'venue-fee', 'funding', 'suspense'))`,
  'DROP INDEX entry_once_per_withdrawal, entry_once_per_reference, entry_reversed_once, reversal_by_withdrawal',
  'ALTER TABLE journal_entry DROP CONSTRAINT entry_kind, DROP COLUMN reverses, DROP COLUMN reason, DROP COLUMN effective_at',
  `ALTER TABLE journal_entry ADD CONSTRAINT entry_kind CHECK (CASE kind
     WHEN 'funding' THEN reference IS NOT NULL AND withdrawal_id IS NULL
     ELSE kind IN ('capture', 'venue_fee') AND withdrawal_id IS NOT NULL END)`,
  'CREATE UNIQUE INDEX entry_once_per_withdrawal ON journal_entry (withdrawal_id, kind) WHERE withdrawal_id IS NOT NULL',
  `CREATE UNIQUE INDEX funding_once_per_reference ON journal_entry (account_id, reference) WHERE kind = 'funding'`,
  'ALTER TABLE hold DROP CONSTRAINT hold_state, DROP COLUMN expires_at, DROP COLUMN submission_started_at',
  `ALTER TABLE hold ADD CONSTRAINT hold_state CHECK (CASE state
     WHEN 'placed'   THEN amount > 0 AND num_nonnulls(closed_at, captured, fee, venue, entry_id, reason) = 0
     WHEN 'captured' THEN num_nulls(closed_at, captured, fee, venue, entry_id) = 0 AND captured > 0 AND fee >= 0 AND captured + fee <= amount
     WHEN 'released' THEN amount > 0 AND num_nulls(closed_at, reason) = 0 AND num_nonnulls(captured, fee, venue, entry_id) = 0
     WHEN 'refused'  THEN reason IS NOT NULL AND num_nonnulls(closed_at, captured, fee, venue, entry_id) = 0
     ELSE false END)`,
  'DROP TABLE account_freeze',
  'ALTER TABLE account DROP COLUMN frozen',
];
