import type { MigrationInterface, QueryRunner } from 'typeorm';

const WALLET_READING = `
  CREATE TABLE wallet_reading (
    network      text PRIMARY KEY,
    block_number bigint NOT NULL,
    block_hash   text NOT NULL,
    sent         jsonb NOT NULL
  );
  ALTER TABLE venue_reading ADD COLUMN covered_from timestamptz;`;

/** Final blocks read of each chain; and for every venue the begin of its readings. */
export class WalletReading1795712400000 implements MigrationInterface {
  readonly name = 'WalletReading1795712400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(WALLET_READING);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE wallet_reading; ALTER TABLE venue_reading DROP COLUMN covered_from',
    );
  }
}
