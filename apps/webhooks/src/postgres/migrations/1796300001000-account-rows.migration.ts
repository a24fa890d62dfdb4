import { restrictToAccounts, unrestrict, type AccountTable } from '@sluice/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES: readonly AccountTable[] = [
  { table: 'account_event' },
  { table: 'account_sends' },
  { table: 'webhook' },
  { table: 'webhook_request' },
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
