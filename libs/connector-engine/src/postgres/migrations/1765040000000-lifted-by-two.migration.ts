import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A halt is lifted by two people; those that were lifted before have one. */
export class LiftedByTwo1765040000000 implements MigrationInterface {
  readonly name = 'LiftedByTwo1765040000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE halt ADD COLUMN lift_approved_by text CHECK (lift_approved_by <> ''),
        ADD CONSTRAINT lifted_by_two CHECK ((lifted_at IS NULL) = (lift_approved_by IS NULL)) NOT VALID,
        ADD CONSTRAINT lifted_by_another_person CHECK (lower(lift_approved_by) <> lower(lifted_by))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE halt DROP COLUMN lift_approved_by');
  }
}
