import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What venues have reported as paid, for comparison with what was booked as paid; and how far their reports go. */
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
