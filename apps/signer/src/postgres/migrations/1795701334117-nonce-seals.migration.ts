import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Numbers and seals of assigned nonces, and the first start with seals. Rows of release 0.3.0 have
 * neither; the signer seals them at its first start.
 */
export class NonceSeals1795701334117 implements MigrationInterface {
  readonly name = 'NonceSeals1795701334117';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE signed_nonce ADD COLUMN number bigint, ADD COLUMN seal text');
    await runner.query(`
      CREATE TABLE first_seal (
        only_one  boolean PRIMARY KEY DEFAULT true CHECK (only_one),
        sealed_at timestamptz NOT NULL,
        seal      text NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE first_seal');
    await runner.query('ALTER TABLE signed_nonce DROP COLUMN number, DROP COLUMN seal');
  }
}
