import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Holds of one state without reading all of them. Captured ones, which in time are nearly all, are found by the primary key; so a capture
 * adds nothing to this index, and a place does at its growing end. One by account would cost every hold a page of its own: a customer's
 * captured holds are found by his entries.
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
