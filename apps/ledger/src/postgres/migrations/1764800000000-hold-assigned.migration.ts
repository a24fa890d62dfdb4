import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The venue that may pay a hold now: one at a time, and the next one only on the proof of the one before it. */
export class LedgerHoldAssigned1764800000000 implements MigrationInterface {
  readonly name = 'LedgerHoldAssigned1764800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hold ADD COLUMN assigned_to text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hold DROP COLUMN assigned_to');
  }
}
