import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the seals of lifts. Halts that were lifted before are marked, and need no seal. */
export class SealedLifts1795730011000 implements MigrationInterface {
  readonly name = 'SealedLifts1795730011000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE halt ADD COLUMN end_seal text, ADD COLUMN ended_before_seals boolean NOT NULL DEFAULT false;
      UPDATE halt SET ended_before_seals = true WHERE lifted_at IS NOT NULL;
      CREATE TRIGGER not_backdated BEFORE UPDATE OF lifted_at ON halt FOR EACH ROW EXECUTE FUNCTION refuse_backdating('lifted_at');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER not_backdated ON halt;
      ALTER TABLE halt DROP COLUMN end_seal, DROP COLUMN ended_before_seals;
    `);
  }
}
