import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A client's reference belongs to its key, or, where the account says so, to the account; an account may insist on one. */
export class ReferenceScopes1795277629663 implements MigrationInterface {
  readonly name = 'ReferenceScopes1795277629663';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE account
        ADD COLUMN keys_share_references boolean NOT NULL DEFAULT false,
        ADD COLUMN requires_reference    boolean NOT NULL DEFAULT false;
      ALTER TABLE api_key ADD COLUMN shares_references boolean NOT NULL DEFAULT false;
      ALTER TABLE withdrawal
        ADD COLUMN shares_reference boolean NOT NULL DEFAULT false,
        ADD COLUMN reference_scope  text GENERATED ALWAYS AS (${SCOPE}) STORED;
      DROP INDEX withdrawal_reference;
      CREATE UNIQUE INDEX withdrawal_reference ON withdrawal (reference_scope, client_reference) WHERE client_reference IS NOT NULL;
      ALTER TABLE archived_withdrawal
        ADD COLUMN shares_reference boolean NOT NULL DEFAULT false,
        ADD COLUMN reference_scope  text GENERATED ALWAYS AS (${SCOPE}) STORED,
        DROP CONSTRAINT archived_withdrawal_pkey,
        ADD PRIMARY KEY (reference_scope, client_reference)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE archived_withdrawal
        DROP CONSTRAINT archived_withdrawal_pkey, DROP COLUMN reference_scope, DROP COLUMN shares_reference,
        ADD PRIMARY KEY (key_id, client_reference);
      DROP INDEX withdrawal_reference;
      ALTER TABLE withdrawal DROP COLUMN reference_scope, DROP COLUMN shares_reference;
      CREATE UNIQUE INDEX withdrawal_reference ON withdrawal (key_id, client_reference) WHERE client_reference IS NOT NULL;
      ALTER TABLE api_key DROP COLUMN shares_references;
      ALTER TABLE account DROP COLUMN keys_share_references, DROP COLUMN requires_reference`);
  }
}

const SCOPE = 'CASE WHEN shares_reference THEN account_id::text ELSE key_id END';
