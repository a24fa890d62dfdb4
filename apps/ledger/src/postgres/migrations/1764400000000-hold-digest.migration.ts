import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Digest of a hold's order, computed by intake. Events about the hold carry the digest, and a
 * second order under the same id is refused.
 */
export class LedgerHoldDigest1764400000000 implements MigrationInterface {
  readonly name = 'LedgerHoldDigest1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hold ADD COLUMN digest text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hold DROP COLUMN digest');
  }
}
