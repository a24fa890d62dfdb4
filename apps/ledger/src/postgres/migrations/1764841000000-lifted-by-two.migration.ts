import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The book goes on when two people have said so; halts that were lifted before have one. */
export class LedgerLiftedByTwo1764841000000 implements MigrationInterface {
  readonly name = 'LedgerLiftedByTwo1764841000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE book_halt ADD COLUMN lift_approved_by text CHECK (lift_approved_by <> ''),
        ADD CONSTRAINT lifted_by_two CHECK ((lifted_at IS NULL) = (lift_approved_by IS NULL)) NOT VALID,
        ADD CONSTRAINT lifted_by_another_person CHECK (lower(lift_approved_by) <> lower(lifted_by))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE book_halt DROP COLUMN lift_approved_by');
  }
}
