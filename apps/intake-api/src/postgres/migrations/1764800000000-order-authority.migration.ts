import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What vouches for an order: our own seal from when it was asked for, the ledger's receipt, and the word of the venue that refused it. */
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
