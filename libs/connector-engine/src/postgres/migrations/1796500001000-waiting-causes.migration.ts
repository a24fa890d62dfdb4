import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An order names the cause of its wait for another preparation or look-up. */
export class WaitingCauses1796500001000 implements MigrationInterface {
  readonly name = 'WaitingCauses1796500001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE submission ADD COLUMN postponed_for text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE submission DROP COLUMN postponed_for');
  }
}
