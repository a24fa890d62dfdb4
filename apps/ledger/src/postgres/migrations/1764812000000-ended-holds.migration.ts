import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A hold that has ended, or was refused, is never changed again: that is what captures a withdrawal once. */
export class LedgerEndedHolds1764812000000 implements MigrationInterface {
  readonly name = 'LedgerEndedHolds1764812000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TRIGGER state_is_final BEFORE UPDATE ON hold FOR EACH ROW
        WHEN (OLD.state <> 'placed') EXECUTE FUNCTION state_is_final()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER state_is_final ON hold');
  }
}
