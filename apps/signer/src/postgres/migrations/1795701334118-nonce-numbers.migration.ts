import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes of numbers, unsealed rows and times of closing, built while nonces are assigned. */
export class NonceNumbers1795701334118 implements MigrationInterface {
  readonly name = 'NonceNumbers1795701334118';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await this.down(runner);
    await runner.query(
      'CREATE UNIQUE INDEX CONCURRENTLY signed_nonce_number ON signed_nonce (chain_id, address, number)',
    );
    await runner.query(
      'CREATE INDEX CONCURRENTLY signed_nonce_unsealed ON signed_nonce (chain_id, address, nonce) WHERE seal IS NULL',
    );
    await runner.query(
      'CREATE INDEX CONCURRENTLY closed_withdrawal_at ON closed_withdrawal (closed_at)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS signed_nonce_number');
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS signed_nonce_unsealed');
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS closed_withdrawal_at');
  }
}
