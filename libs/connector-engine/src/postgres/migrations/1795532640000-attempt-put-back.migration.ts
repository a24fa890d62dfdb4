import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a request that the database had lost was put on record again by the process that had sent it; null for every other attempt. */
export class AttemptPutBack1795532640000 implements MigrationInterface {
  readonly name = 'AttemptPutBack1795532640000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE attempt ADD COLUMN put_back_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE attempt DROP COLUMN put_back_at');
  }
}
