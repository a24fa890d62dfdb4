import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the newest permit of the auditor. */
export class AuditorPermit1795740011000 implements MigrationInterface {
  readonly name = 'AuditorPermit1795740011000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE auditor_permit (
        only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        number    bigint NOT NULL,
        permit    text NOT NULL,
        cover     text NOT NULL,
        stored_at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE auditor_permit');
  }
}
