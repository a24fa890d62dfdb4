import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a key was last used, by the minute: what is swept out of `rate_window` leaves its newest minute here. */
export class KeyUse1795341200000 implements MigrationInterface {
  readonly name = 'KeyUse1795341200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_key_use (
        key_id       text PRIMARY KEY,
        last_used_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_key_use');
  }
}
