import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables behind UnitOfWork, Outbox and DeadLetters; the same in every service's database. */
export class Platform1763600000000 implements MigrationInterface {
  readonly name = 'Platform1763600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE inbox (
        consumer   text NOT NULL,
        message_id text NOT NULL,
        claimed_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, message_id)
      )`);
    // publisher: the process that will publish the row; NULL while it waits behind an older row of the same withdrawal.
    // messages: compressed JSON. A service compresses a batch to a tenth in a fraction of a millisecond; letting PostgreSQL
    // compress or write the bytes itself was the largest single cost of a withdrawal.
    await runner.query(`
      CREATE TABLE outbox (
        id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        publisher  uuid,
        keys       text[] NOT NULL,
        messages   bytea STORAGE EXTERNAL NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        touched_at timestamptz NOT NULL DEFAULT clock_timestamp()
      ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)`);
    await runner.query(`
      CREATE TABLE dead_letter (
        id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic       text NOT NULL,
        partition   integer NOT NULL,
        "offset"    bigint NOT NULL,
        key         text,
        headers     jsonb NOT NULL,
        value       text NOT NULL,
        encoding    text NOT NULL CHECK (encoding IN ('utf8', 'base64')),
        cause       text NOT NULL,
        dead_lettered_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
        replayed_at timestamptz,
        UNIQUE (topic, partition, "offset")
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dead_letter, outbox, inbox');
  }
}
