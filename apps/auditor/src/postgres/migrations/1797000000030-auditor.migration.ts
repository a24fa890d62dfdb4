import {
  restrictToAccounts,
  revertBaseline,
  runSqlFile,
  type AccountTable,
} from '@sluice/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const OF_ACCOUNTS: readonly AccountTable[] = [
  { table: 'audited_account' },
  { table: 'audited_withdrawal' },
  { table: 'audited_movement' },
  { table: 'audited_opening' },
  { table: 'audited_signer' },
  { table: 'short_account' },
];

export class Auditor1797000000030 implements MigrationInterface {
  readonly name = 'Auditor1797000000030';

  async up(runner: QueryRunner): Promise<void> {
    await runSqlFile(runner, new URL('../baseline.sql', import.meta.url));
    await restrictToAccounts(runner, OF_ACCOUNTS);
  }

  down(): Promise<void> {
    return revertBaseline();
  }
}
