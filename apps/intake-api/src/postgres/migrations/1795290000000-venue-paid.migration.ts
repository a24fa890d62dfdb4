import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Payments reported by venues, for comparison with booked payments, and the time covered by the
 * reports.
 */
export class VenuePaid1795290000000 implements MigrationInterface {
  readonly name = 'VenuePaid1795290000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(VENUE_PAID);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE venue_report, venue_paid');
  }
}

// since: where the first report of the venue began. reported_to: until when its reports have come without a gap.
const VENUE_PAID = `
  CREATE TABLE venue_paid (
    withdrawal_id uuid NOT NULL,
    venue         text NOT NULL,
    PRIMARY KEY (withdrawal_id, venue)
  );
  CREATE TABLE venue_report (
    venue       text PRIMARY KEY,
    since       timestamptz NOT NULL,
    reported_to timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`;
