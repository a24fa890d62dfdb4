import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Retention cutoff: rows ended before the cutoff may have been removed. The table has a single row,
 * written before the cutoff is applied to any row.
 */
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
