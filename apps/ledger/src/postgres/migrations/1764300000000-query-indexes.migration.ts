import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Indexes for balances and history of a single account, independent of the volume of other
 * accounts. Ended holds are found by account and state: placing a hold adds no entry to this index.
 * Ending a hold adds an entry, as in every other index. Placed holds are few; their index includes
 * the account, hence no row of another account is read. Entries with an effective time are found by
 * this time.
 */
export class LedgerQueryIndexes1764300000000 implements MigrationInterface {
  readonly name = 'LedgerQueryIndexes1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('DROP INDEX hold_by_state');
    await runner.query(
      `CREATE INDEX hold_by_state ON hold (state, withdrawal_id, account_id) WHERE state <> 'captured'`,
    );
    await runner.query(
      `CREATE INDEX hold_ended ON hold (account_id, state, withdrawal_id) WHERE state <> 'placed'`,
    );
    await runner.query(
      'CREATE INDEX entry_by_effect ON journal_entry (account_id, effective_at) WHERE effective_at IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX entry_by_effect, hold_ended, hold_by_state');
    await runner.query(
      `CREATE INDEX hold_by_state ON hold (state, withdrawal_id) WHERE state <> 'captured'`,
    );
  }
}
