import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes the settled rows that are read again: rows with a time of their next action. */
export class ReturnableIndex1796510001003 implements MigrationInterface {
  readonly name = 'ReturnableIndex1796510001003';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // the index of an interrupted migration is invalid
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS submission_returnable');
    await runner.query(
      "CREATE INDEX CONCURRENTLY submission_returnable ON submission (form, next_action_at) WHERE state = 'settled' AND next_action_at IS NOT NULL",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX CONCURRENTLY submission_returnable');
  }
}
