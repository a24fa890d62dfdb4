import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the demands and approvals of people. */
export class Demands1796000021000 implements MigrationInterface {
  readonly name = 'Demands1796000021000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audited_demand (
        id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        message_id      text NOT NULL UNIQUE,
        service         text NOT NULL,
        demand_id       bigint NOT NULL,
        action          text NOT NULL,
        target          text NOT NULL,
        digest          text NOT NULL,
        requested_by    text NOT NULL,
        requested_names text[] NOT NULL,
        requested_at    timestamptz NOT NULL,
        approved_by     text,
        approved_names  text[],
        approved_at     timestamptz,
        call_id         text,
        seen_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
        CHECK ((approved_by IS NULL) = (approved_at IS NULL) AND (approved_by IS NULL) = (approved_names IS NULL))
      );
      COMMENT ON TABLE audited_demand IS 'A row without approved_by is the demand of a first person, any other row is the approval of a second person';
      COMMENT ON COLUMN audited_demand.requested_names IS 'Folded spellings: names with a common spelling belong to one person';
      CREATE INDEX audited_demand_seen ON audited_demand (seen_at);
      CREATE INDEX audited_demand_demand ON audited_demand (service, demand_id);
      CREATE INDEX audited_demand_call ON audited_demand (service, call_id);
      CREATE INDEX audited_entry_call ON audited_entry (service, call_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX audited_entry_call; DROP TABLE audited_demand');
  }
}
