import type { Database } from '@sluice/postgres';
import type { Query } from '../sql/id-ranges.js';
import { digestOf } from './chain-digest.js';
import type { ChainKeys } from './chain-keys.js';
import { appendLinks, lockHeads } from './extend-chain.js';

/**
 * Appends the first link of each chain, without entries, to a new book. A chain without links is
 * therefore always a divergence. Returns true if this call opened the chains.
 */
export function openChains(database: Database, keys: ChainKeys): Promise<boolean> {
  return database.withClient(async (client) => {
    const query: Query = async <R extends object>(sql: string, params: readonly unknown[] = []) =>
      (await client.query<R>(sql, [...params])).rows;
    await client.query('BEGIN');
    try {
      const heads = await lockHeads(query, null);
      const [link] = await query('SELECT FROM chain_link LIMIT 1');
      if (!link) {
        const links = heads.map(({ shard }) => ({ shard, digest: digestOf([]), entries: [] }));
        await appendLinks(query, heads, links, keys);
      }
      await client.query('COMMIT');
      return !link;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
}
