import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Balances at the venues. Payments stored before this migration are not yet counted. */
const BALANCES = `
  CREATE TABLE venue_balance (
    venue      text NOT NULL,
    currency   text NOT NULL,
    opening    numeric NOT NULL,
    opened_at  timestamptz NOT NULL,
    total      numeric NOT NULL,
    expected   numeric NOT NULL,
    risen      numeric NOT NULL DEFAULT 0,
    read_at    timestamptz NOT NULL,
    doubted_at timestamptz,
    PRIMARY KEY (venue, currency)
  );
  CREATE TABLE venue_balance_reading (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    venue    text NOT NULL,
    currency text NOT NULL,
    total    numeric NOT NULL,
    begun_at timestamptz NOT NULL,
    read_at  timestamptz NOT NULL
  );
  ALTER TABLE venue_reading ADD COLUMN balances_read_at timestamptz;
  ALTER TABLE venue_payment ADD COLUMN venue_fee numeric, ADD COLUMN final_seen_at timestamptz, ADD COLUMN counted_at timestamptz;
  UPDATE venue_payment SET final_seen_at = clock_timestamp() WHERE status IN ('settled', 'failed');
  CREATE INDEX venue_payment_uncounted ON venue_payment (venue, currency) WHERE counted_at IS NULL;
  CREATE INDEX audited_hold_ended ON audited_hold (ended_seen_at) WHERE ended_seen_at IS NOT NULL;`;

export class VenueBalances1795788000000 implements MigrationInterface {
  readonly name = 'VenueBalances1795788000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(BALANCES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE venue_balance, venue_balance_reading;
      ALTER TABLE venue_reading DROP COLUMN balances_read_at;
      ALTER TABLE venue_payment DROP COLUMN venue_fee, DROP COLUMN final_seen_at, DROP COLUMN counted_at;
      DROP INDEX audited_hold_ended`);
  }
}
