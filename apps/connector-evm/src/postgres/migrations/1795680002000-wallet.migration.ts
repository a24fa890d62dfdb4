import { revertBaseline, runSqlFile } from '@sluice/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the tables of our own wallet: the baseline of release 0.3.0. */
export class Wallet1795680002000 implements MigrationInterface {
  readonly name = 'Wallet1795680002000';

  async up(runner: QueryRunner): Promise<void> {
    await runSqlFile(runner, new URL('../baseline.sql', import.meta.url));
  }

  down(): Promise<void> {
    return revertBaseline();
  }
}
