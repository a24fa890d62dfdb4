import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Index to find holds of a state without reading all holds. Captured holds, nearly all in time, are
 * found by the primary key. A capture adds no entry to this index, and a placed hold adds an entry
 * at the growing end. An index by account would cost every hold a separate page. A customer's
 * captured holds are found by the customer's entries.
 */
export class LedgerHoldIndexes1764100000000 implements MigrationInterface {
  readonly name = 'LedgerHoldIndexes1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX hold_by_state ON hold (state, withdrawal_id) WHERE state <> 'captured'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX hold_by_state');
  }
}
