import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds the proofs of an order: our own seal from the time of the request, the ledger's receipt, and
 * the refusing venue's proof.
 */
export class OrderAuthority1764800000000 implements MigrationInterface {
  readonly name = 'OrderAuthority1764800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE withdrawal ADD COLUMN order_seal text, ADD COLUMN hold_receipt text, ADD COLUMN venue_proof text',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE withdrawal DROP COLUMN order_seal, DROP COLUMN hold_receipt, DROP COLUMN venue_proof',
    );
  }
}
