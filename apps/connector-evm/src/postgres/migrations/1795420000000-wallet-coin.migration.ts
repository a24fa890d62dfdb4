import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What should be at each of our addresses, by which it is known what has come there from outside. */
export class WalletCoin1795420000000 implements MigrationInterface {
  readonly name = 'WalletCoin1795420000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(WALLET_COIN);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE wallet_coin');
  }
}

// units: what should be there, in the smallest units; less than nothing where more has left than ever came. nonces: how many of the address's are in it.
const WALLET_COIN = `
  CREATE TABLE wallet_coin (
    network    text NOT NULL CHECK (network ~ '^[A-Z0-9_-]{1,32}$'),
    address    text NOT NULL CHECK (address ~ '^0x[0-9a-fA-F]{40}$'),
    asset      text NOT NULL CHECK (length(asset) BETWEEN 3 AND 65),
    units      numeric(78,0) NOT NULL,
    arrivals   integer NOT NULL CHECK (arrivals >= 0),
    nonces     bigint NOT NULL CHECK (nonces >= 0),
    counted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (network, address, asset)
  ) WITH (fillfactor = 70)`;
