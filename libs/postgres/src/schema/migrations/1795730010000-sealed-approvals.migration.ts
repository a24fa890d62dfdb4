import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds the seals of approvals, and the trigger functions for rows that people end. An open request
 * from before this migration has no seal and expires within a day.
 */
export class SealedApprovals1795730010000 implements MigrationInterface {
  readonly name = 'SealedApprovals1795730010000';
  readonly contracts = {
    since: '0.3.0',
    because: 'release 0.3.0 inserts no row with the mark, which only this migration may set',
  };

  async up(runner: QueryRunner): Promise<void> {
    // Present rows get the mark by the first default. The owner's login restores and repairs rows.
    await runner.query(`
      ALTER TABLE approval ADD COLUMN request_seal text, ADD COLUMN approval_seal text,
        ADD COLUMN stored_before_seals boolean NOT NULL DEFAULT true;
      ALTER TABLE approval ALTER COLUMN stored_before_seals SET DEFAULT false;

      CREATE FUNCTION refuse_mark() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
          IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
            RAISE EXCEPTION 'a new row of % is not from before the seals', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
          END IF;
          RETURN NEW;
        END $$;

      -- Arguments: the column with the time, and the tolerance.
      CREATE FUNCTION refuse_backdating() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
          IF (to_jsonb(NEW) ->> TG_ARGV[0])::timestamptz < clock_timestamp() - TG_ARGV[1]::interval AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
            RAISE EXCEPTION '% of % cannot be backdated', TG_ARGV[0], TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
          END IF;
          RETURN NEW;
        END $$;

      CREATE TRIGGER no_mark BEFORE INSERT ON approval FOR EACH ROW WHEN (NEW.stored_before_seals) EXECUTE FUNCTION refuse_mark();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER no_mark ON approval;
      DROP FUNCTION refuse_backdating();
      DROP FUNCTION refuse_mark();
      ALTER TABLE approval DROP COLUMN request_seal, DROP COLUMN approval_seal, DROP COLUMN stored_before_seals;
    `);
  }
}
