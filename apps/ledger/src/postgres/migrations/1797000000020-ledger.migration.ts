import {
  restrictionOfPartition,
  restrictToAccounts,
  revertBaseline,
  runSqlFile,
  type AccountTable,
} from '@sluice/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CHAIN_SHARDS, genesisOf } from '../../hash-chain/chain-digest.js';

const OF_ACCOUNTS: readonly AccountTable[] = [
  { table: 'account', column: 'id' },
  { table: 'account_freeze' },
  { table: 'account_signer' },
  { table: 'address_book_setting' },
  { table: 'address_entry' },
  { table: 'approval_case' },
  { table: 'balance' },
  { table: 'checkpoint_balance', column: 'account', holds: 'chart' },
  { table: 'entry_key' },
  { table: 'hold' },
  { table: 'order_case' },
  { table: 'paid_recipient' },
  { table: 'signed_order' },
];

const PARTITIONED: readonly AccountTable[] = [{ table: 'journal_entry' }];

export class Ledger1797000000020 implements MigrationInterface {
  readonly name = 'Ledger1797000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runSqlFile(runner, new URL('../baseline.sql', import.meta.url));
    const shards = Array.from({ length: CHAIN_SHARDS }, (_, shard) => shard);
    await runner.query(HEADS, [shards, shards.map(genesisOf)]);
    await runner.query('INSERT INTO shared_position (shard) SELECT shard FROM chain_head');
    for (const table of PARTITIONED)
      await runner.query(SEAL, [table.table, restrictionOfPartition(table)]);
    await restrictToAccounts(runner, [...OF_ACCOUNTS, ...PARTITIONED]);
  }

  down(): Promise<void> {
    return revertBaseline();
  }
}

const HEADS = `
  INSERT INTO chain_head (shard, hash)
  SELECT shard, decode(hash, 'hex') FROM unnest($1::smallint[], $2::text[]) AS k (shard, hash)`;
const SEAL = `UPDATE partitioned_table SET seal = seal || $2::text[] WHERE name = $1`;
