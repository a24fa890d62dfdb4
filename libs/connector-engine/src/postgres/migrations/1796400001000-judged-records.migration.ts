import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds what a record of the venue has shown: a cancellation without request, and the recipient's amount after a fee change. */
export class JudgedRecords1796400001000 implements MigrationInterface {
  readonly name = 'JudgedRecords1796400001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE submission ADD COLUMN cancel_seen_at timestamptz, ADD COLUMN received numeric',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE submission DROP COLUMN cancel_seen_at, DROP COLUMN received');
  }
}
