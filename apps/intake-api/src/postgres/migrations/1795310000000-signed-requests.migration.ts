import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys whose secret half the customer alone has, and what was signed with one: it goes to the ledger with each repeat of the hold's command. */
export class SignedRequests1795310000000 implements MigrationInterface {
  readonly name = 'SignedRequests1795310000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE api_key ADD COLUMN algorithm text NOT NULL DEFAULT 'hmac-sha256' CHECK (algorithm IN ('hmac-sha256', 'ed25519'))`,
    );
    await runner.query('ALTER TABLE withdrawal ADD COLUMN signed_request jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal DROP COLUMN signed_request');
    await runner.query('ALTER TABLE api_key DROP COLUMN algorithm');
  }
}
