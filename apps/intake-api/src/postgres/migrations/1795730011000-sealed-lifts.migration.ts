import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the seals of lifts. Halts that were lifted before are marked, and need no seal. */
export class SealedLifts1795730011000 implements MigrationInterface {
  readonly name = 'SealedLifts1795730011000';
  readonly contracts = {
    since: '0.3.0',
    because: 'release 0.3.0 writes only the present time, and no row with the mark',
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE halt ADD COLUMN end_seal text, ADD COLUMN ended_before_seals boolean NOT NULL DEFAULT false;
      UPDATE halt SET ended_before_seals = true WHERE lifted_at IS NOT NULL;
      CREATE TRIGGER no_mark BEFORE INSERT ON halt FOR EACH ROW WHEN (NEW.ended_before_seals) EXECUTE FUNCTION refuse_mark();
      CREATE TRIGGER not_backdated BEFORE INSERT OR UPDATE OF lifted_at ON halt FOR EACH ROW EXECUTE FUNCTION refuse_backdating('lifted_at', '1 minute');
      CREATE TRIGGER opened_now BEFORE INSERT ON halt FOR EACH ROW EXECUTE FUNCTION refuse_backdating('opened_at', '1 second');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER opened_now ON halt;
      DROP TRIGGER not_backdated ON halt;
      DROP TRIGGER no_mark ON halt;
      ALTER TABLE halt DROP COLUMN end_seal, DROP COLUMN ended_before_seals;
    `);
  }
}
