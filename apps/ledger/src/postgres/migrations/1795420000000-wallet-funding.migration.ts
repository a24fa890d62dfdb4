import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Entries of coins that came to our own wallet. The rule only widens; what is there satisfies the narrower one and is not read again. */
export class LedgerWalletFunding1795420000000 implements MigrationInterface {
  readonly name = 'LedgerWalletFunding1795420000000';
  readonly contracts = {
    since: '0.2.0',
    because: 'the rule takes what it took before, and more',
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ruleSql([...REFERRING, 'wallet_funding']));
  }

  /** Only for a schema without rows of the new kind. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(ruleSql(REFERRING));
  }
}

const REFERRING = ['funding', 'transfer', 'gas', 'gas_topup'];

/** Without a look at every row of the journal, which would stop it for as long as that takes. */
function ruleSql(referring: readonly string[]): string {
  const kinds = referring.map((kind) => `'${kind}'`).join(', ');
  return `
    ALTER TABLE journal_entry DROP CONSTRAINT entry_kind, ADD CONSTRAINT entry_kind CHECK (
      CASE
        WHEN kind IN (${kinds})              THEN reference IS NOT NULL AND withdrawal_id IS NULL AND num_nonnulls(reverses, reason) = 0
        WHEN kind IN ('capture','venue_fee') THEN withdrawal_id IS NOT NULL AND num_nonnulls(reverses, reason) = 0
        WHEN kind = 'reversal'               THEN num_nulls(reverses, reason) = 0
        ELSE false END) NOT VALID`;
}
