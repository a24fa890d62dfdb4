import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The moment before which what has ended may be gone; one row, written before anything goes by it. */
export class Retention1764600000000 implements MigrationInterface {
  readonly name = 'Retention1764600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE retention (
        single      boolean PRIMARY KEY DEFAULT true CHECK (single),
        gone_before timestamptz NOT NULL,
        marked_at   timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE retention');
  }
}
