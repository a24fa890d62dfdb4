import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ledger's receipt with its end, beside the one without it that connectors of release 0.2 check. */
export class TimedReceipt1795467600000 implements MigrationInterface {
  readonly name = 'TimedReceipt1795467600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal ADD COLUMN timed_receipt text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal DROP COLUMN timed_receipt');
  }
}
