import { revertBaseline, runSqlFile } from '@sluice/postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { genesisOf } from '../../hash-chain/chain-digest.js';
import { CHAIN_SHARDS } from '../../hash-chain/chain-shard.js';

/** Creates the tables of the ledger, with the first head of each chain: the baseline of release 0.3.0. */
export class Ledger1795680001000 implements MigrationInterface {
  readonly name = 'Ledger1795680001000';

  async up(runner: QueryRunner): Promise<void> {
    await runSqlFile(runner, new URL('../baseline.sql', import.meta.url));
    const shards = Array.from({ length: CHAIN_SHARDS }, (_, shard) => shard);
    await runner.query(
      `INSERT INTO chain_head (shard, hash) SELECT shard, decode(hash, 'hex') FROM unnest($1::smallint[], $2::text[]) AS k(shard, hash)`,
      [shards, shards.map(genesisOf)],
    );
  }

  down(): Promise<void> {
    return revertBaseline();
  }
}
