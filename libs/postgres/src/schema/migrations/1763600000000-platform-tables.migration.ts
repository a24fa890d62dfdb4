import { revertBaseline, runSqlFile } from '../sql-file.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the tables of every service: the baseline of release 0.3.0. */
export class PlatformTables1763600000000 implements MigrationInterface {
  readonly name = 'PlatformTables1763600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runSqlFile(runner, new URL('../baseline.sql', import.meta.url));
  }

  down(): Promise<void> {
    return revertBaseline();
  }
}
