import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Batches of a Kafka log that are corrupt and that a person has decided to leave out; what was left out is kept with the decision. */
export class SkippedBatch1763900100000 implements MigrationInterface {
  readonly name = 'SkippedBatch1763900100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE skipped_batch (
        topic       text NOT NULL,
        partition   integer NOT NULL,
        "offset"    bigint NOT NULL,
        decided_by  text NOT NULL CHECK (decided_by <> ''),
        evidence    text NOT NULL CHECK (evidence <> ''),
        decided_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
        skipped_at  timestamptz,
        next_offset bigint,
        cause       text,
        bytes       bytea,
        PRIMARY KEY (topic, partition, "offset"),
        CHECK ((skipped_at IS NULL) = (bytes IS NULL))
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE skipped_batch');
  }
}
