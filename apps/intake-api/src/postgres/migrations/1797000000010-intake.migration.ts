import {
  restrictToAccounts,
  revertBaseline,
  runSqlFile,
  type AccountTable,
} from '@sluice/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const OF_ACCOUNTS: readonly AccountTable[] = [
  { table: 'account', column: 'id' },
  { table: 'api_key' },
  { table: 'account_currency' },
  { table: 'account_terms' },
  { table: 'withdrawal' },
  { table: 'open_withdrawal' },
  { table: 'archived_withdrawal' },
  { table: 'ended_withdrawal' },
  { table: 'lost_withdrawal' },
  { table: 'hot_wallet', sharesRows: true },
  { table: 'gas_top_up', sharesRows: true },
];

export class Intake1797000000010 implements MigrationInterface {
  readonly name = 'Intake1797000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runSqlFile(runner, new URL('../baseline.sql', import.meta.url));
    await restrictToAccounts(runner, OF_ACCOUNTS);
  }

  down(): Promise<void> {
    return revertBaseline();
  }
}
