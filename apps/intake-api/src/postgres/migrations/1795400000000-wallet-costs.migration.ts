import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ledger's word for the signer of our own wallet, beside that for its connector; and what that wallet has cost, by day. */
export class WalletCosts1795400000000 implements MigrationInterface {
  readonly name = 'WalletCosts1795400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal ADD COLUMN signer_receipt text');
    await runner.query(`
      CREATE TABLE gas_day (
        asset        text NOT NULL,
        day          date NOT NULL,
        amount       numeric NOT NULL CHECK (amount >= 0),
        transactions bigint NOT NULL CHECK (transactions > 0),
        PRIMARY KEY (asset, day)
      ) WITH (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE gas_day');
    await runner.query('ALTER TABLE withdrawal DROP COLUMN signer_receipt');
  }
}
