import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds the seals of approvals, and the trigger function against backdated lifts and closings. An
 * open request from before this migration has no seal and expires within a day.
 */
export class SealedApprovals1795730010000 implements MigrationInterface {
  readonly name = 'SealedApprovals1795730010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE approval ADD COLUMN request_seal text, ADD COLUMN approval_seal text`,
    );
    // Rows from before have the mark. New rows cannot have it: the service's login may not set the column.
    await runner.query(
      `ALTER TABLE approval ADD COLUMN stored_before_seals boolean NOT NULL DEFAULT true`,
    );
    await runner.query(`ALTER TABLE approval ALTER COLUMN stored_before_seals SET DEFAULT false`);
    // The owner's login restores and repairs rows; every other login states the present time.
    await runner.query(`
      CREATE FUNCTION refuse_backdating() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
          IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER')
             AND (to_jsonb(NEW) ->> TG_ARGV[0])::timestamptz < clock_timestamp() - interval '1 minute' THEN
            RAISE EXCEPTION '% of % cannot be backdated', TG_ARGV[0], TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
          END IF;
          RETURN NEW;
        END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION refuse_backdating()`);
    await runner.query(
      `ALTER TABLE approval DROP COLUMN request_seal, DROP COLUMN approval_seal, DROP COLUMN stored_before_seals`,
    );
  }
}
