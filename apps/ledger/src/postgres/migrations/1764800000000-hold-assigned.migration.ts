import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Venue assigned to pay a hold: a single venue at a time. The next venue needs the previous venue's
 * proof of no payment.
 */
export class LedgerHoldAssigned1764800000000 implements MigrationInterface {
  readonly name = 'LedgerHoldAssigned1764800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hold ADD COLUMN assigned_to text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hold DROP COLUMN assigned_to');
  }
}
