import { restrictToAccounts, revertBaseline, runSqlFile } from '@sluice/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the tables of webhooks. */
export class Webhooks1797000000040 implements MigrationInterface {
  readonly name = 'Webhooks1797000000040';

  async up(runner: QueryRunner): Promise<void> {
    await runSqlFile(runner, new URL('../baseline.sql', import.meta.url));
    await restrictToAccounts(runner, [
      { table: 'account_sends' },
      { table: 'delivery' },
      { table: 'webhook' },
      { table: 'webhook_request' },
    ]);
  }

  down(): Promise<void> {
    return revertBaseline();
  }
}
