import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the causes of waiting: of an order that could not be prepared, and of a pause of the venue. */
export class WaitingCauses1796500001000 implements MigrationInterface {
  readonly name = 'WaitingCauses1796500001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE submission ADD COLUMN postponed_for text;
      ALTER TABLE rate_slot ADD COLUMN paused_until timestamptz, ADD COLUMN pause_cause text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE rate_slot DROP COLUMN paused_until, DROP COLUMN pause_cause;
      ALTER TABLE submission DROP COLUMN postponed_for;
    `);
  }
}
