import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ledger's word for the signer of our own wallet, and in which block a payment of it is final. Null at every other venue. */
export class SignerReceipt1795400000000 implements MigrationInterface {
  readonly name = 'SignerReceipt1795400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE submission ADD COLUMN signer_receipt text,
        ADD COLUMN block_number numeric(20) CHECK (block_number > 0),
        ADD COLUMN confirmations bigint CHECK (confirmations >= 0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE submission DROP COLUMN signer_receipt, DROP COLUMN block_number, DROP COLUMN confirmations',
    );
  }
}
