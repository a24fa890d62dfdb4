import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What our own wallets have by their chains, for comparison with the ledger. */
export class WalletCoinTotal1795420000000 implements MigrationInterface {
  readonly name = 'WalletCoinTotal1795420000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(WALLET_COIN_TOTAL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE wallet_coin_total');
  }
}

// compared_in: the block of the count that was compared last. apart_since: the first block of those in a row that had less than the book.
const WALLET_COIN_TOTAL = `
  CREATE TABLE wallet_coin_total (
    asset       text PRIMARY KEY,
    total       numeric NOT NULL CHECK (total >= 0),
    block       bigint NOT NULL CHECK (block >= 0),
    read_at     timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    compared_in bigint,
    apart_since bigint
  ) WITH (fillfactor = 50)`;
