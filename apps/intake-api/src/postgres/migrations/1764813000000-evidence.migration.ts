import type { MigrationInterface, QueryRunner } from 'typeorm';

const FINAL = `'rejected', 'completed', 'failed', 'cancelled'`;

/**
 * The service's login deletes no used signature by itself: the function takes those that are refused for their age anyway, and none younger
 * than ten minutes whatever it is asked. And a withdrawal that has ended stays ended.
 */
export class Evidence1764813000000 implements MigrationInterface {
  readonly name = 'Evidence1764813000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION forget_signatures(after_minutes integer) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DELETE FROM used_signature
         WHERE minute < floor(extract(epoch FROM clock_timestamp()) / 60)::int - greatest(after_minutes, 10) $$`);
    await runner.query(`
      CREATE TRIGGER state_is_final BEFORE UPDATE OF state ON withdrawal FOR EACH ROW
        WHEN (OLD.state IN (${FINAL}) AND NEW.state <> OLD.state) EXECUTE FUNCTION state_is_final()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER state_is_final ON withdrawal');
    await runner.query('DROP FUNCTION forget_signatures(integer)');
  }
}
