import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events of withdrawals that ended without a payment, until the signer has stated that it signs none of them any more. */
export class AwaitingSigner1795467700000 implements MigrationInterface {
  readonly name = 'AwaitingSigner1795467700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE awaiting_signer (
        withdrawal_id uuid PRIMARY KEY,
        message       jsonb NOT NULL,
        ended_at      timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE awaiting_signer');
  }
}
