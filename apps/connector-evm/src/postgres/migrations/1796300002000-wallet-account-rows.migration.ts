import { restrictToAccounts, unrestrict, type AccountTable } from '@sluice/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES: readonly AccountTable[] = [{ table: 'lane', sharesRows: true }];

/** Restricts wallets of accounts to the account of the connection's setting. */
export class WalletAccountRows1796300002000 implements MigrationInterface {
  readonly name = 'WalletAccountRows1796300002000';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await restrictToAccounts(runner, TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await unrestrict(runner, TABLES);
  }
}
