import { restrictToAccounts, revertBaseline, runSqlFile } from '@sluice/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Connector1797000000060 implements MigrationInterface {
  readonly name = 'Connector1797000000060';

  async up(runner: QueryRunner): Promise<void> {
    await runSqlFile(runner, new URL('../baseline.sql', import.meta.url));
    await restrictToAccounts(runner, [{ table: 'submission' }]);
  }

  down(): Promise<void> {
    return revertBaseline();
  }
}
