import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the audit entries of the services. */
export class AuditEntries1795790031000 implements MigrationInterface {
  readonly name = 'AuditEntries1795790031000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audited_entry (
        id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        service       text NOT NULL,
        number        bigint NOT NULL,
        hash          text NOT NULL,
        previous_hash text NOT NULL,
        call_id       text NOT NULL,
        caller_kind   text NOT NULL,
        caller_name   text NOT NULL,
        method        text NOT NULL,
        route         text NOT NULL,
        target        text NOT NULL,
        status        int,
        recorded_at   timestamptz NOT NULL,
        seen_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
        UNIQUE (service, number, hash)
      );
      CREATE INDEX audited_entry_seen ON audited_entry (seen_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audited_entry');
  }
}
