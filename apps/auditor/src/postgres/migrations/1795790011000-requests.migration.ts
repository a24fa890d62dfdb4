import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the request behind each hold, and the public keys of accounts that sign their orders. */
export class Requests1795790011000 implements MigrationInterface {
  readonly name = 'Requests1795790011000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE audited_hold ADD COLUMN requested_by text CHECK (requested_by IN ('signature', 'proof'));
      CREATE INDEX audited_hold_not_requested ON audited_hold (placed_at) WHERE requested_by IS NULL;
      CREATE TABLE audited_signer (
        account_id uuid NOT NULL,
        public_key text NOT NULL,
        seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (account_id, public_key)
      );
      ALTER TABLE audit_progress ADD COLUMN requests_proven_from timestamptz;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE audit_progress DROP COLUMN requests_proven_from;
      DROP TABLE audited_signer;
      ALTER TABLE audited_hold DROP COLUMN requested_by;
    `);
  }
}
