import { revertBaseline, runSqlFile } from '../sql-file.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the tables of every service. */
export class PlatformTables1797000000000 implements MigrationInterface {
  readonly name = 'PlatformTables1797000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runSqlFile(runner, new URL('../baseline.sql', import.meta.url));
  }

  down(): Promise<void> {
    return revertBaseline();
  }
}
