import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which database the processes of a connector write to, how often they have told that they are alive, and when it was found to have gone back. */
export class DatabaseWentBack1795468420000 implements MigrationInterface {
  readonly name = 'DatabaseWentBack1795468420000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE heartbeat ADD COLUMN identity text, ADD COLUMN beats bigint NOT NULL DEFAULT 0,
                            ADD COLUMN went_back_at timestamptz, ADD COLUMN look_up_from timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE heartbeat DROP COLUMN identity, DROP COLUMN beats, DROP COLUMN went_back_at, DROP COLUMN look_up_from',
    );
  }
}
