import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Amount of each asset begun to be sent by all instances in this hour and on this day, for the
 * ceilings.
 */
export class SentTotal1764820000000 implements MigrationInterface {
  readonly name = 'SentTotal1764820000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SENT_TOTAL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sent_total');
  }
}

// Unique by asset: the claim holding the row lock knows the sum. A past hour or day counts as zero.
const SENT_TOTAL = `
  CREATE TABLE sent_total (
    asset       text PRIMARY KEY,
    hour        timestamptz NOT NULL DEFAULT 'epoch',
    hour_amount numeric NOT NULL DEFAULT 0,
    day         timestamptz NOT NULL DEFAULT 'epoch',
    day_amount  numeric NOT NULL DEFAULT 0
  ) WITH (fillfactor = 50)`;
