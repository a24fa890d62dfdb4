import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What our own wallet costs: entries of gas and of top-ups, and the accounts that they post to. The rules only widen, so the last release
 * writes on as it did. What is there satisfies the narrower rule and is not read again.
 */
export class LedgerGas1795400000000 implements MigrationInterface {
  readonly name = 'LedgerGas1795400000000';
  readonly contracts = {
    since: '0.2.0',
    because: 'both rules take what they took before, and more',
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      ruleSql('journal_entry', 'entry_kind', `${KINDS}\n${GAS_KINDS}\nELSE false END`),
    );
    await runner.query(
      ruleSql('posting', 'posting_in_chart', chartSql([...ACCOUNTS, ...GAS_ACCOUNTS])),
    );
  }

  /** Only for a schema without rows of the new kinds. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(ruleSql('journal_entry', 'entry_kind', `${KINDS}\nELSE false END`));
    await runner.query(ruleSql('posting', 'posting_in_chart', chartSql(ACCOUNTS)));
  }
}

const KINDS = `CASE kind
     WHEN 'funding'   THEN reference IS NOT NULL AND withdrawal_id IS NULL AND num_nonnulls(reverses, reason) = 0
     WHEN 'transfer'  THEN reference IS NOT NULL AND withdrawal_id IS NULL AND num_nonnulls(reverses, reason) = 0
     WHEN 'capture'   THEN withdrawal_id IS NOT NULL AND num_nonnulls(reverses, reason) = 0
     WHEN 'venue_fee' THEN withdrawal_id IS NOT NULL AND num_nonnulls(reverses, reason) = 0
     WHEN 'reversal'  THEN num_nulls(reverses, reason) = 0`;
const GAS_KINDS = ['gas', 'gas_topup']
  .map(
    (kind) =>
      `     WHEN '${kind}' THEN reference IS NOT NULL AND withdrawal_id IS NULL AND num_nonnulls(reverses, reason) = 0`,
  )
  .join('\n');

const ACCOUNTS = [
  'customer',
  'clearing',
  'hot-wallet',
  'fee-income',
  'venue-fee',
  'funding',
  'suspense',
];
const GAS_ACCOUNTS = ['gas-tank', 'gas'];

function chartSql(accounts: readonly string[]): string {
  return `split_part(account, ':', 1) IN (${accounts.map((account) => `'${account}'`).join(', ')})`;
}

/** Without a look at every row of the journal, which would stop it for as long as that takes. */
function ruleSql(table: string, rule: string, checkSql: string): string {
  return `ALTER TABLE ${table} DROP CONSTRAINT ${rule}, ADD CONSTRAINT ${rule} CHECK (${checkSql}) NOT VALID`;
}
