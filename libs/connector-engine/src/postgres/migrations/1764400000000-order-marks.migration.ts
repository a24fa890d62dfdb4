import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The digest of the order and when it was ordered first; absent for submissions that are older than these columns. */
export class OrderMarks1764400000000 implements MigrationInterface {
  readonly name = 'OrderMarks1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE submission ADD COLUMN digest text, ADD COLUMN ordered_at timestamptz',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE submission DROP COLUMN digest, DROP COLUMN ordered_at');
  }
}
