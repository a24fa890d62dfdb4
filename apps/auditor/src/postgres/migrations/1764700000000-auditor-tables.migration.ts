import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AuditorTables1764700000000 implements MigrationInterface {
  readonly name = 'AuditorTables1764700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE example (
        id       uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        ended_at timestamptz
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE example');
  }
}
