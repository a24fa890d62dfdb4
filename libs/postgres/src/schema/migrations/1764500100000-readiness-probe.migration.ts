import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One row, which `/readyz` writes to learn whether the database takes writes. */
export class ReadinessProbe1764500100000 implements MigrationInterface {
  readonly name = 'ReadinessProbe1764500100000';

  async up(runner: QueryRunner): Promise<void> {
    // Free space in its page, so that updates stay in it: the table must neither grow nor need VACUUM.
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
