import type { MigrationInterface, QueryRunner } from 'typeorm';
import { MAX_WHOLE_DIGITS } from '@sluice/kernel';

/**
 * No amount is more than messages carry, and none is NaN, which PostgreSQL takes for greater than everything. What was written before is
 * not looked at: whoever reads sums reads them of any length.
 */
export class LedgerBounds1764500000000 implements MigrationInterface {
  readonly name = 'LedgerBounds1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [tableSql, boundSql] of BOUNDS)
      await runner.query(
        `ALTER TABLE ${tableSql} ADD CONSTRAINT ${tableSql}_in_bounds CHECK (${boundSql}) NOT VALID`,
      );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [tableSql] of BOUNDS)
      await runner.query(`ALTER TABLE ${tableSql} DROP CONSTRAINT ${tableSql}_in_bounds`);
  }
}

const MOST = `1e${MAX_WHOLE_DIGITS}`;
const BOUNDS = [
  ['posting', `abs(amount) < ${MOST}`],
  ['entry_key', `abs(amount) < ${MOST}`],
  ['balance', `posted < ${MOST}`],
  ['hold', `amount < ${MOST}`],
  // One row is the sum of a batch.
  ['shared_sum', `abs(amount) < ${MOST} * 1e12`],
] as const;
