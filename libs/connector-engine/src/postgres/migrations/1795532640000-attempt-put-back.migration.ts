import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Time of the restore of a request lost by the database and restored by the sending process; null
 * for every other attempt.
 */
export class AttemptPutBack1795532640000 implements MigrationInterface {
  readonly name = 'AttemptPutBack1795532640000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE attempt ADD COLUMN put_back_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE attempt DROP COLUMN put_back_at');
  }
}
