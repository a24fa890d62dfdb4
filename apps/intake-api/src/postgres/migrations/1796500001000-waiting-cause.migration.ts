import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds what holds an order at its venue, as reported by the connector. */
export class WaitingCause1796500001000 implements MigrationInterface {
  readonly name = 'WaitingCause1796500001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal ADD COLUMN waits_for text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal DROP COLUMN waits_for');
  }
}
