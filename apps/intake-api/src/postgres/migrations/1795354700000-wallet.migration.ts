import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Our own wallet as a venue: behind those that ETH's routes have, and alone on BSC. Its routes begin paused, for the last release reads them
 * too while an upgrade rolls and could not follow a withdrawal there; the first wallet of a network switches its routes on (`KeepWallets`).
 * And what the wallet tells: its addresses, its tokens, its top-ups, and in which block a withdrawal is.
 */
export class Wallet1795354700000 implements MigrationInterface {
  readonly name = 'Wallet1795354700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ROUTES);
    await runner.query(WALLETS);
    await runner.query(TOP_UPS);
    await runner.query(BLOCKS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE withdrawal DROP COLUMN confirmations, DROP COLUMN block_number;
      ALTER TABLE archived_withdrawal DROP COLUMN confirmations, DROP COLUMN block_number;
      DROP TABLE gas_top_up, wallet_token, hot_wallet;
      DELETE FROM route WHERE venue = 'wallet' OR network = 'BSC';
      DELETE FROM account_currency WHERE network = 'BSC';
      DELETE FROM currency WHERE network = 'BSC';
      DELETE FROM network WHERE code = 'BSC'`);
  }
}

// Who has added a network or a currency by its terms meanwhile keeps them. Accounts of before are not asked: BSC is enabled for new ones.
const ROUTES = `
  INSERT INTO network (code, family) VALUES ('BSC', 'evm') ON CONFLICT DO NOTHING;
  INSERT INTO currency (currency, network, name, contract_address, decimals, min_withdrawal_amount, withdrawal_fee_flat, withdrawal_fee_percent) VALUES
    ('BNB', 'BSC', 'BNB', NULL, 18, 0.005, 0.0005, 0.1),
    ('USDT', 'BSC', 'Tether USD', '0x55d398326f99059fF775485246999027B3197955', 18, 2, 0.5, 0.1)
  ON CONFLICT DO NOTHING;
  INSERT INTO route (currency, network, position, venue, pays, state)
    SELECT paid.currency, paid.network, coalesce(max(route.position), 0) + 1, 'wallet', '{address}', 'paused'
      FROM (VALUES ('ETH', 'ETH'), ('USDT', 'ETH'), ('BNB', 'BSC'), ('USDT', 'BSC')) AS paid (currency, network)
      LEFT JOIN route USING (currency, network) GROUP BY 1, 2
  ON CONFLICT DO NOTHING`;

const WALLETS = `
  CREATE TABLE hot_wallet (
    network    text NOT NULL,
    address    text NOT NULL,
    purpose    text NOT NULL CHECK (purpose IN ('hot', 'tank')),
    -- It pays this account alone; null: every account that has none of its own.
    account_id uuid,
    -- Its place in what the connector has told: of several the first is the one that is filled up.
    position   integer NOT NULL,
    -- Not told any more. Still ours: nobody is paid there.
    retired_at timestamptz,
    PRIMARY KEY (network, address)
  );
  CREATE TABLE wallet_token (
    network  text NOT NULL,
    address  text NOT NULL,
    currency text NOT NULL,
    PRIMARY KEY (network, address)
  )`;

const BLOCKS = `
  ALTER TABLE withdrawal ADD COLUMN confirmations integer, ADD COLUMN block_number bigint;
  ALTER TABLE archived_withdrawal ADD COLUMN confirmations integer, ADD COLUMN block_number bigint`;

// Numbered as withdrawals are, and from the same sequence: customers page through both at once.
const TOP_UPS = `
  CREATE TABLE gas_top_up (
    number       bigint PRIMARY KEY DEFAULT
      floor(extract(epoch FROM clock_timestamp() - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048 + nextval('withdrawal_number') % 2048,
    network      text NOT NULL,
    tx_hash      text NOT NULL,
    currency     text NOT NULL,
    amount       numeric NOT NULL CHECK (amount > 0),
    from_address text NOT NULL,
    to_address   text NOT NULL,
    block_number bigint NOT NULL CHECK (block_number > 0),
    -- Whose wallet was filled up; null: that of all.
    account_id   uuid,
    at           timestamptz NOT NULL,
    UNIQUE (network, tx_hash)
  );
  CREATE INDEX gas_top_up_account ON gas_top_up (account_id, number)`;
