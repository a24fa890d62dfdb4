import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The queue goes by when each was ordered: partitions and restarts deliver a backlog in any order. */
export class QueueOrder1764510000000 implements MigrationInterface {
  readonly name = 'QueueOrder1764510000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX submission_queue;
      CREATE INDEX submission_queue ON submission (form, coalesce(ordered_at, created_at), seq) WHERE state = 'prepared'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX submission_queue;
      CREATE INDEX submission_queue ON submission (form, seq) WHERE state = 'prepared'`);
  }
}
