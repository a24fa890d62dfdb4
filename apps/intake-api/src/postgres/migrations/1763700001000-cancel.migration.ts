import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A customer may ask to cancel. The request is beside the state of the withdrawal: who asked, when, and the venue's refusal. */
export class Cancel1763700001000 implements MigrationInterface {
  readonly name = 'Cancel1763700001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE withdrawal
        ADD COLUMN cancel_requested_at timestamptz,
        ADD COLUMN cancel_requested_by text,
        ADD COLUMN cancel_refusal      text,
        ADD CONSTRAINT cancel_has_requester CHECK ((cancel_requested_at IS NULL) = (cancel_requested_by IS NULL)),
        ADD CONSTRAINT cancel_refused_once_requested CHECK (cancel_refusal IS NULL OR cancel_requested_at IS NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE withdrawal DROP COLUMN cancel_requested_at, DROP COLUMN cancel_requested_by, DROP COLUMN cancel_refusal',
    );
  }
}
