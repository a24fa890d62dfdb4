import { revertBaseline, runSqlFile } from '@sluice/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the tables of the signer. */
export class Signer1797000000050 implements MigrationInterface {
  readonly name = 'Signer1797000000050';

  async up(runner: QueryRunner): Promise<void> {
    await runSqlFile(runner, new URL('../baseline.sql', import.meta.url));
  }

  down(): Promise<void> {
    return revertBaseline();
  }
}
