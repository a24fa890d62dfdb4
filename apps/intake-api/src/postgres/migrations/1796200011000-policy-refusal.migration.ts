import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds the rule of the spending policy that refused a hold. Rows of release 0.3.0 have none.
 */
export class PolicyRefusal1796200011000 implements MigrationInterface {
  readonly name = 'PolicyRefusal1796200011000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal ADD COLUMN policy_refusal jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal DROP COLUMN policy_refusal');
  }
}
