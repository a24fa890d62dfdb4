import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds the first successful attempt to the row of a delivery, and the message id to the event of a
 * step. Deliveries and events of 0.3.0 have neither.
 */
export class AnsweredAttempts1796000031000 implements MigrationInterface {
  readonly name = 'AnsweredAttempts1796000031000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE delivery ADD COLUMN answered_attempt bigint, ADD COLUMN answered_begun_at timestamptz,
        ADD COLUMN answered_duration_ms integer, ADD COLUMN answered_status integer, ADD COLUMN answered_body text;
      ALTER TABLE account_event ADD COLUMN step_id text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE account_event DROP COLUMN step_id;
      ALTER TABLE delivery DROP COLUMN answered_attempt, DROP COLUMN answered_begun_at,
        DROP COLUMN answered_duration_ms, DROP COLUMN answered_status, DROP COLUMN answered_body`);
  }
}
