import { revertBaseline, runSqlFile } from '@sluice/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the tables of webhooks: the baseline of release 0.3.0. */
export class Webhooks1795680001000 implements MigrationInterface {
  readonly name = 'Webhooks1795680001000';

  async up(runner: QueryRunner): Promise<void> {
    await runSqlFile(runner, new URL('../baseline.sql', import.meta.url));
  }

  down(): Promise<void> {
    return revertBaseline();
  }
}
