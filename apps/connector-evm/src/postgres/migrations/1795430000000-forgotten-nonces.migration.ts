import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known of transactions that were forgotten, as with a database that was restored. */
export class ForgottenNonces1795430000000 implements MigrationInterface {
  readonly name = 'ForgottenNonces1795430000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COMPLETE_FROM);
    await runner.query(FORGOTTEN_AT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE lane DROP COLUMN complete_from, DROP COLUMN forgotten_at');
  }
}

// From where on each nonce of an address has a row: below it some may be missing.
const COMPLETE_FROM =
  'ALTER TABLE lane ADD COLUMN complete_from bigint NOT NULL DEFAULT 0 CHECK (complete_from >= 0)';

// When its chain was last found to have transactions of this address that are on no record here: whatever was ordered before that may have been paid by one of them.
const FORGOTTEN_AT = 'ALTER TABLE lane ADD COLUMN forgotten_at timestamptz';
