import type { MigrationInterface, QueryRunner } from 'typeorm';

// signed: whether a nonce was given to it before it was closed.
const CLOSED_WITHDRAWAL = `
  CREATE TABLE closed_withdrawal (
    withdrawal_id uuid PRIMARY KEY,
    signed        boolean NOT NULL,
    closed_at     timestamptz NOT NULL DEFAULT now()
  )`;

/** Withdrawals that no payment is signed for any more. */
export class ClosedWithdrawal1795467800000 implements MigrationInterface {
  readonly name = 'ClosedWithdrawal1795467800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CLOSED_WITHDRAWAL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE closed_withdrawal');
  }
}
