import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A route's venue has a price, a precision and a time to begin of its own. Where it has none, the currency's terms hold. An hour to
 * begin is what a venue has that nobody has given another; withdrawals taken before wait as long as it takes. History keeps which
 * venues were considered.
 */
export class RouteTerms1763710000000 implements MigrationInterface {
  readonly name = 'RouteTerms1763710000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE route
        ADD COLUMN decimals         integer CHECK (decimals BETWEEN 0 AND 30),
        ADD COLUMN fee_percent      numeric CHECK (fee_percent >= 0),
        ADD COLUMN fee_flat         numeric CHECK (fee_flat >= 0),
        ADD COLUMN submit_within_ms integer DEFAULT 3600000 CHECK (submit_within_ms > 0);
      UPDATE route SET decimals = 8 WHERE venue = 'gateio' AND (currency, network) = ('ETH', 'ETH');

      ALTER TABLE withdrawal ADD COLUMN submit_within_ms integer CHECK (submit_within_ms > 0);
      ALTER TABLE withdrawal_event ADD COLUMN decision jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE withdrawal_event DROP COLUMN decision;
      ALTER TABLE withdrawal DROP COLUMN submit_within_ms;
      ALTER TABLE route DROP COLUMN decimals, DROP COLUMN fee_percent, DROP COLUMN fee_flat, DROP COLUMN submit_within_ms`);
  }
}
