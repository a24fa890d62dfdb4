import { restrictToAccounts, revertBaseline, runSqlFile } from '@sluice/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Wallet1797000000061 implements MigrationInterface {
  readonly name = 'Wallet1797000000061';

  async up(runner: QueryRunner): Promise<void> {
    await runSqlFile(runner, new URL('../baseline.sql', import.meta.url));
    await restrictToAccounts(runner, [{ table: 'lane', sharesRows: true }]);
  }

  down(): Promise<void> {
    return revertBaseline();
  }
}
