import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The newest block of each chain that our own wallet pays on: how many confirmations a payment has follows from its own block and this one. */
export class WalletChain1795430000000 implements MigrationInterface {
  readonly name = 'WalletChain1795430000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE wallet_chain (
        chain   text PRIMARY KEY,
        head    bigint NOT NULL CHECK (head > 0),
        seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
      ) WITH (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE wallet_chain');
  }
}
