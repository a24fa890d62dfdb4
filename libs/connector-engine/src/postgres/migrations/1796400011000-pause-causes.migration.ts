import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The rate plan names the cause of a pause, for operators that ask for what an order waits. */
export class PauseCauses1796400011000 implements MigrationInterface {
  readonly name = 'PauseCauses1796400011000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE rate_slot ADD COLUMN pause_cause text, ADD COLUMN pause_until timestamptz',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE rate_slot DROP COLUMN pause_cause, DROP COLUMN pause_until');
  }
}
