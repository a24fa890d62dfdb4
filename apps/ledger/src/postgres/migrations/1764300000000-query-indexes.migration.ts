import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What one account had and has, however much others have. An ended hold is found by its account and state: that costs nothing when a hold
 * is placed, and one entry when it ends, of which every other index gets one too. A placed one is found among those that are placed, which are
 * few; their index includes the account, so no row of another account is read. An entry that counts from another time than its booking is found by that.
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
