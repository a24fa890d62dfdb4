import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The foreign keys to a checkpoint lock its row with the rights of the tables' owner, who had taken the right to update it from himself: so
 * no journal could be detached but where a superuser owned it. Nobody updates a checkpoint all the same: a trigger refuses it.
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
