import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which order a hold is for, as intake digested it: what the ledger tells of a hold says it, and a second order under one id is noticed. */
export class LedgerHoldDigest1764400000000 implements MigrationInterface {
  readonly name = 'LedgerHoldDigest1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hold ADD COLUMN digest text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hold DROP COLUMN digest');
  }
}
