import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A dead letter that nobody needs is dismissed by a person, with a reason, and kept. It is replayed or dismissed, never both. */
export class DismissedDeadLetter1765030003000 implements MigrationInterface {
  readonly name = 'DismissedDeadLetter1765030003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE dead_letter
        ADD COLUMN dismissed_at      timestamptz,
        ADD COLUMN dismissed_by      text CHECK (dismissed_by <> ''),
        ADD COLUMN dismissed_because text CHECK (dismissed_because <> ''),
        ADD CONSTRAINT dismissed_with_reason CHECK (num_nulls(dismissed_at, dismissed_by, dismissed_because) IN (0, 3)),
        ADD CONSTRAINT replayed_or_dismissed CHECK (replayed_at IS NULL OR dismissed_at IS NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE dead_letter DROP COLUMN dismissed_at, DROP COLUMN dismissed_by, DROP COLUMN dismissed_because',
    );
  }
}
