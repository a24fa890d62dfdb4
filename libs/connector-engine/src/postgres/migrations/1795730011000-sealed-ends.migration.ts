import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the seals of lifts and closings. Rows that ended before are marked, and need no seal. */
export class SealedEnds1795730011000 implements MigrationInterface {
  readonly name = 'SealedEnds1795730011000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE halt ADD COLUMN end_seal text, ADD COLUMN ended_before_seals boolean NOT NULL DEFAULT false;
      UPDATE halt SET ended_before_seals = true WHERE lifted_at IS NOT NULL;
      CREATE TRIGGER not_backdated BEFORE UPDATE OF lifted_at ON halt FOR EACH ROW EXECUTE FUNCTION refuse_backdating('lifted_at');
      ALTER TABLE break ADD COLUMN end_seal text, ADD COLUMN ended_before_seals boolean NOT NULL DEFAULT false;
      UPDATE break SET ended_before_seals = true WHERE closed_at IS NOT NULL;
      CREATE TRIGGER not_backdated BEFORE UPDATE OF closed_at ON break FOR EACH ROW EXECUTE FUNCTION refuse_backdating('closed_at');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER not_backdated ON halt;
      ALTER TABLE halt DROP COLUMN end_seal, DROP COLUMN ended_before_seals;
      DROP TRIGGER not_backdated ON break;
      ALTER TABLE break DROP COLUMN end_seal, DROP COLUMN ended_before_seals;
    `);
  }
}
