import type { Database } from '@sluice/postgres';
import type { Query } from '../sql/id-ranges.js';
import { digestOf } from '../hash-chain/chain-digest.js';
import type { ChainKeys } from '../hash-chain/chain-keys.js';
import { newestCheckpoint } from './checkpoint.js';
import { sealCheckpoint } from './checkpoint-seal.js';
import { appendLinks, lockHeads } from '../hash-chain/extend-chain.js';

/**
 * Ends the use of unkeyed links, computable by any writer. Appends to each chain a keyed link
 * without entries, as MAC over all links before; afterwards only keyed links are accepted. Runs
 * once per book, so a later unkeyed link never counts as old. Returns true if this call did the
 * cut-over.
 */
export function beginKeyedChains(database: Database, keys: ChainKeys): Promise<boolean> {
  return database.withClient(async (client) => {
    const query: Query = async <R extends object>(sql: string, params: readonly unknown[] = []) =>
      (await client.query<R>(sql, [...params])).rows;
    await client.query('BEGIN');
    try {
      const heads = await lockHeads(query, null);
      const [keyed] = await query('SELECT FROM chain_link WHERE key_id IS NOT NULL LIMIT 1');
      if (!keyed) {
        const links = heads.map(({ shard }) => ({ shard, digest: digestOf([]), entries: [] }));
        await appendLinks(query, heads, links, keys);
        const checkpoint = await newestCheckpoint(query);
        if (checkpoint) await sealCheckpoint(query, checkpoint, keys);
      }
      await client.query('COMMIT');
      return !keyed;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
}
