import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Balances of our own wallets on the chains, for comparison with the ledger. */
export class WalletCoinTotal1795420000000 implements MigrationInterface {
  readonly name = 'WalletCoinTotal1795420000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(WALLET_COIN_TOTAL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE wallet_coin_total');
  }
}

// compared_in: block of the count compared last. apart_since: first block of the current series of
// counts below the book.
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
