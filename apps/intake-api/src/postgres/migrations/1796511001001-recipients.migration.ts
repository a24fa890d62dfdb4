import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds the customer's own spelling of a recipient, for answers, and opens the families of networks
 * to those of the kernel's table.
 */
export class Recipients1796511001001 implements MigrationInterface {
  readonly name = 'Recipients1796511001001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal ADD COLUMN given_address text');
    await runner.query('ALTER TABLE archived_withdrawal ADD COLUMN given_address text');
    await runner.query('ALTER TABLE network DROP CONSTRAINT network_family_check');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal DROP COLUMN given_address');
    await runner.query('ALTER TABLE archived_withdrawal DROP COLUMN given_address');
    await runner.query(
      `ALTER TABLE network ADD CONSTRAINT network_family_check
       CHECK (family IN ('evm', 'tron', 'bitcoin', 'bank')) NOT VALID`,
    );
  }
}
