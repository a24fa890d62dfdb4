import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Coins of our own addresses, and their gas by hour. `sent`, `received` and `gas` are sums since
 * `block_number`; all blocks up to `counted_to` are in these sums.
 */
const COINS = `
  CREATE TABLE wallet_coins (
    network       text NOT NULL,
    address       text NOT NULL,
    asset         text NOT NULL,
    opening       numeric NOT NULL,
    opening_block bigint NOT NULL,
    total         numeric NOT NULL,
    block_number  bigint NOT NULL,
    block_at      timestamptz NOT NULL,
    sent          numeric NOT NULL,
    received      numeric NOT NULL,
    gas           numeric NOT NULL,
    risen         numeric NOT NULL,
    counted_to    bigint NOT NULL,
    PRIMARY KEY (network, address, asset)
  );
  CREATE TABLE wallet_gas (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    network      text NOT NULL,
    address      text NOT NULL,
    hour         timestamptz NOT NULL,
    spent        numeric NOT NULL,
    transactions bigint NOT NULL,
    UNIQUE (network, hour, address)
  );
  ALTER TABLE wallet_reading ADD COLUMN coins_block bigint;`;

export class WalletCoins1795790061000 implements MigrationInterface {
  readonly name = 'WalletCoins1795790061000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COINS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE wallet_coins, wallet_gas;
      ALTER TABLE wallet_reading DROP COLUMN coins_block`);
  }
}
