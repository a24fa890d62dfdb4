import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Submissions that wait until intake-api asks for them again, and when a process was last alive. */
export class Unconfirmed1764710000000 implements MigrationInterface {
  readonly name = 'Unconfirmed1764710000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE submission ADD COLUMN unconfirmed boolean NOT NULL DEFAULT false;
      CREATE TABLE heartbeat (alive_at timestamptz NOT NULL, only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE heartbeat; ALTER TABLE submission DROP COLUMN unconfirmed');
  }
}
