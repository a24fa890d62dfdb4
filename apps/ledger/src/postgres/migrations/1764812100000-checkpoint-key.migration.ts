import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Restores the UPDATE right on checkpoints to the tables' owner. The foreign keys lock a
 * checkpoint's row with the owner's rights, and the owner had revoked this right. Detaching worked
 * only if a superuser owned the journal. A trigger still refuses every update of a checkpoint.
 */
export class LedgerCheckpointKey1764812100000 implements MigrationInterface {
  readonly name = 'LedgerCheckpointKey1764812100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('GRANT UPDATE ON checkpoint TO CURRENT_USER');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('REVOKE UPDATE ON checkpoint FROM CURRENT_USER');
  }
}
