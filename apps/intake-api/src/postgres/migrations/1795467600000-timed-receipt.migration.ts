import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds the ledger's receipt with an end time, beside the receipt without an end time checked by
 * connectors of release 0.2.
 */
export class TimedReceipt1795467600000 implements MigrationInterface {
  readonly name = 'TimedReceipt1795467600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal ADD COLUMN timed_receipt text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal DROP COLUMN timed_receipt');
  }
}
