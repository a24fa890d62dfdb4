import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How much of each asset all instances have begun to send in this hour and on this day, for the ceilings. */
export class SentTotal1764820000000 implements MigrationInterface {
  readonly name = 'SentTotal1764820000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SENT_TOTAL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sent_total');
  }
}

// One row for each asset: the claim that takes the row's lock knows the sum. An hour or a day that is over counts nothing.
const SENT_TOTAL = `
  CREATE TABLE sent_total (
    asset       text PRIMARY KEY,
    hour        timestamptz NOT NULL DEFAULT 'epoch',
    hour_amount numeric NOT NULL DEFAULT 0,
    day         timestamptz NOT NULL DEFAULT 'epoch',
    day_amount  numeric NOT NULL DEFAULT 0
  ) WITH (fillfactor = 50)`;
