import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Outbox rows that are no word of this service: kept as they were, never published. */
export class SetAsideRow1764812000000 implements MigrationInterface {
  readonly name = 'SetAsideRow1764812000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE set_aside_row (
        id           bigint PRIMARY KEY,
        keys         text[],
        messages     bytea,
        created_at   timestamptz,
        cause        text NOT NULL,
        set_aside_at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE set_aside_row');
  }
}
