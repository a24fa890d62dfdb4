import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders to take no new withdrawals of a key, an account, an asset, for a venue, or at all. */
export class Halt1764800001000 implements MigrationInterface {
  readonly name = 'Halt1764800001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(HALT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE halt');
  }
}

// One row for each reason and subject, lifted or not: what a person has looked at and lifted does not come back for being seen again.
const HALT = `
  CREATE TABLE halt (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope         text NOT NULL CHECK (scope IN ('all','venue','asset','account','key')),
    target        text CHECK (length(target) BETWEEN 1 AND 128),
    reason        text NOT NULL CHECK (length(reason) BETWEEN 1 AND 64),
    subject       text NOT NULL CHECK (length(subject) BETWEEN 1 AND 256),
    details       text NOT NULL CHECK (length(details) BETWEEN 1 AND 1000),
    opened_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    opened_by     text NOT NULL CHECK (length(opened_by) BETWEEN 1 AND 128),
    lifted_at     timestamptz,
    lifted_by     text CHECK (length(lifted_by) BETWEEN 1 AND 128),
    lift_evidence text CHECK (length(lift_evidence) BETWEEN 1 AND 1000),
    UNIQUE (reason, subject),
    CHECK ((scope = 'all') = (target IS NULL)),
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lift_evidence IS NULL))
  );
  CREATE INDEX halt_open ON halt (id) WHERE lifted_at IS NULL`;
