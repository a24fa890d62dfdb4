import {
  restrictionOfPartition,
  restrictToAccounts,
  unrestrict,
  type AccountTable,
} from '@sluice/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES: readonly AccountTable[] = [
  { table: 'account', column: 'id' },
  { table: 'account_freeze' },
  { table: 'account_signer' },
  { table: 'address_book_setting' },
  { table: 'address_entry' },
  { table: 'balance' },
  { table: 'checkpoint_balance', column: 'account', holds: 'chart' },
  { table: 'entry_key' },
  { table: 'hold' },
  { table: 'order_case' },
  { table: 'paid_recipient' },
  { table: 'approval_case' },
  { table: 'signed_order' },
];

const PARTITIONED: readonly AccountTable[] = [
  { table: 'journal_entry' },
  { table: 'posting', column: 'account', holds: 'chart' },
];

/** Restricts rows of accounts to the account of the connection's setting. */
export class AccountRows1796300001000 implements MigrationInterface {
  readonly name = 'AccountRows1796300001000';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    for (const table of PARTITIONED)
      await runner.query(SEAL, [table.table, restrictionOfPartition(table)]);
    await restrictToAccounts(runner, [...TABLES, ...PARTITIONED]);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of PARTITIONED)
      await runner.query(UNSEAL, [table.table, restrictionOfPartition(table)]);
    await unrestrict(runner, [...TABLES, ...PARTITIONED]);
  }
}

/** A repeated migration adds the statements once. */
const UNSEAL = `
  UPDATE partitioned_table SET seal = array(SELECT s FROM unnest(seal) WITH ORDINALITY AS k (s, n) WHERE s <> ALL ($2::text[]) ORDER BY n)
   WHERE name = $1`;
const SEAL = `
  UPDATE partitioned_table SET seal = array(SELECT s FROM unnest(seal) WITH ORDINALITY AS k (s, n) WHERE s <> ALL ($2::text[]) ORDER BY n) || $2::text[]
   WHERE name = $1`;
