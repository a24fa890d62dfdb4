import { restrictToAccounts, unrestrict, type AccountTable } from '@sluice/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES: readonly AccountTable[] = [
  { table: 'account', column: 'id' },
  { table: 'api_key' },
  { table: 'account_currency' },
  { table: 'account_terms' },
  { table: 'withdrawal' },
  { table: 'open_withdrawal' },
  { table: 'archived_withdrawal' },
  { table: 'ended_withdrawal' },
  { table: 'lost_withdrawal' },
  { table: 'known_recipient' },
  { table: 'hot_wallet', sharesRows: true },
  { table: 'gas_top_up', sharesRows: true },
];

/** Restricts rows of accounts to the account of the connection's setting. */
export class AccountRows1796300001000 implements MigrationInterface {
  readonly name = 'AccountRows1796300001000';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await restrictToAccounts(runner, TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await unrestrict(runner, TABLES);
  }
}
