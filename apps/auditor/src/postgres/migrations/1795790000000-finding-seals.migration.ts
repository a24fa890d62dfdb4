import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Numbers and seals of findings. Findings up to `first_id` are older than the seals. */
const SEALS = `
  ALTER TABLE finding ADD COLUMN number bigint UNIQUE, ADD COLUMN open_seal text;
  CREATE TABLE finding_counter (
    id       int PRIMARY KEY CHECK (id = 1),
    last     bigint NOT NULL DEFAULT 0,
    first_id bigint NOT NULL
  );
  INSERT INTO finding_counter (id, first_id) SELECT 1, coalesce(max(id), 0) FROM finding;`;

export class FindingSeals1795790000000 implements MigrationInterface {
  readonly name = 'FindingSeals1795790000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SEALS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE finding_counter;
      ALTER TABLE finding DROP COLUMN number, DROP COLUMN open_seal`);
  }
}
