import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keeps the latest refusal of a transaction, which decides about the next bytes of the nonce. A final
 * transaction may have an unknown cost: nodes leave fields of receipts out.
 */
export class Refusals1796400002000 implements MigrationInterface {
  readonly name = 'Refusals1796400002000';
  readonly contracts = {
    since: '0.3.0',
    because: 'the weaker constraint follows from the constraint of 0.3.0',
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE transaction
        ADD COLUMN refused_with text,
        ADD COLUMN refused_at timestamptz,
        ADD COLUMN refusals integer NOT NULL DEFAULT 0,
        DROP CONSTRAINT final_in_a_block`);
    await runner.query(`
      ALTER TABLE transaction ADD CONSTRAINT final_in_a_block CHECK (final_at IS NULL OR block_number IS NOT NULL) NOT VALID`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE transaction
        DROP COLUMN refused_with,
        DROP COLUMN refused_at,
        DROP COLUMN refusals,
        DROP CONSTRAINT final_in_a_block`);
    await runner.query(`
      ALTER TABLE transaction ADD CONSTRAINT final_in_a_block
        CHECK (final_at IS NULL OR (block_number IS NOT NULL AND gas_used IS NOT NULL AND effective_gas_price IS NOT NULL)) NOT VALID`);
  }
}
