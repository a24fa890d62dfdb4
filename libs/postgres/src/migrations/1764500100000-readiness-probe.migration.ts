import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Table with a single row, written by `/readyz` to check if the database accepts writes. */
export class ReadinessProbe1764500100000 implements MigrationInterface {
  readonly name = 'ReadinessProbe1764500100000';

  async up(runner: QueryRunner): Promise<void> {
    // Free space in the page keeps updates within the page: the table must neither grow nor need
    // VACUUM.
    await runner.query(`
      CREATE TABLE readiness_probe (
        only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        probed_at timestamptz NOT NULL DEFAULT clock_timestamp()
      ) WITH (fillfactor = 10)`);
    await runner.query('INSERT INTO readiness_probe DEFAULT VALUES');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE readiness_probe');
  }
}
