import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An unclaimed record names the field and the raw value of an unreadable row; null for a record. */
export class UnreadableRows1796350001000 implements MigrationInterface {
  readonly name = 'UnreadableRows1796350001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE unclaimed_record ADD COLUMN unreadable text CHECK (length(unreadable) BETWEEN 1 AND 500)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE unclaimed_record DROP COLUMN unreadable');
  }
}
