import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The retention cutoff: rows that ended before it may have been removed. One row, written before any row is removed by it. */
export class Retention1764600000000 implements MigrationInterface {
  readonly name = 'Retention1764600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE retention (
        single        boolean PRIMARY KEY DEFAULT true CHECK (single),
        cutoff        timestamptz NOT NULL,
        cutoff_set_at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE retention');
  }
}
