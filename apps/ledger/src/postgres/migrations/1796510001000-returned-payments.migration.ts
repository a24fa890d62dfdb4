import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Allows journal entries of payments that came back to their venue. */
export class ReturnedPayments1796510001000 implements MigrationInterface {
  readonly name = 'ReturnedPayments1796510001000';
  readonly contracts = {
    since: '0.3.0',
    because: 'the new constraint accepts every row that the former one accepts',
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(kindsSql("'capture', 'venue_fee', 'return'"));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(kindsSql("'capture', 'venue_fee'"));
  }
}

/** The rows were checked by the former constraint. */
function kindsSql(ofWithdrawalSql: string): string {
  return `
  ALTER TABLE journal_entry DROP CONSTRAINT entry_kind, ADD CONSTRAINT entry_kind CHECK (CASE
    WHEN kind IN ('funding', 'transfer', 'gas', 'gas_topup', 'wallet_funding') THEN reference IS NOT NULL AND withdrawal_id IS NULL AND num_nonnulls(reverses, reason) = 0
    WHEN kind IN (${ofWithdrawalSql}) THEN withdrawal_id IS NOT NULL AND num_nonnulls(reverses, reason) = 0
    WHEN kind = 'reversal' THEN num_nulls(reverses, reason) = 0
    ELSE false
  END) NOT VALID`;
}
