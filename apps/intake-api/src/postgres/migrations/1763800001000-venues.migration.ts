import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * EUR to bank accounts through Upvest; and behind Gate.io, from the smallest amount that each pays, Bybit and BitMart. A route that an
 * operator has changed keeps its order, they come last.
 */
export class Venues1763800001000 implements MigrationInterface {
  readonly name = 'Venues1763800001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE network DROP CONSTRAINT network_family_check;
      ALTER TABLE network ADD CONSTRAINT network_family_check CHECK (family IN ('evm', 'tron', 'bitcoin', 'bank'));
      INSERT INTO network (code, family) VALUES ('SEPA', 'bank');
      INSERT INTO currency (currency, network, name, decimals, min_withdrawal_amount, withdrawal_fee_flat, withdrawal_fee_percent)
        VALUES ('EUR', 'SEPA', 'Euro', 2, 1, 0.25, 0.1);
      INSERT INTO account_currency (account_id, currency, network) SELECT id, 'EUR', 'SEPA' FROM account;

      INSERT INTO route (currency, network, position, venue, pays) VALUES ('EUR', 'SEPA', 1, 'upvest', '{reference_account}');
      INSERT INTO route (currency, network, position, venue, pays, minimum)
        SELECT currency, network, last.position + added.number, venue, '{address,venue_account}', minimum
          FROM (VALUES
            ('USDT', 'ETH', 1, 'bybit', 10), ('USDT', 'ETH', 2, 'bitmart', 5),
            ('USDT', 'TRX', 1, 'bybit', NULL), ('USDT', 'TRX', 2, 'bitmart', 5),
            ('ETH', 'ETH', 1, 'bybit', 0.002), ('ETH', 'ETH', 2, 'bitmart', 0.002),
            ('BTC', 'BTC', 1, 'bybit', NULL), ('BTC', 'BTC', 2, 'bitmart', NULL)
          ) AS added (currency, network, number, venue, minimum)
          JOIN (SELECT currency, network, max(position) AS position FROM route GROUP BY 1, 2) AS last USING (currency, network)
        ON CONFLICT DO NOTHING;
      UPDATE route SET decimals = 8 WHERE currency = 'ETH' AND network = 'ETH' AND venue IN ('bybit', 'bitmart') AND decimals IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM route WHERE venue IN ('bybit', 'bitmart', 'upvest');
      DELETE FROM account_currency WHERE network = 'SEPA';
      DELETE FROM currency WHERE network = 'SEPA';
      DELETE FROM network WHERE code = 'SEPA';
      ALTER TABLE network DROP CONSTRAINT network_family_check;
      ALTER TABLE network ADD CONSTRAINT network_family_check CHECK (family IN ('evm', 'tron', 'bitcoin'))`);
  }
}
