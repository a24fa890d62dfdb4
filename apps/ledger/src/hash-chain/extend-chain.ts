import type { JournalEntry } from '@sluice/ledger-core';
import type { Database } from '@sluice/postgres';
import type { Query } from '../sql/id-ranges.js';
import { type ChainHead, chainShardOf, digestOf, keyedLinkFields } from './chain-digest.js';
import type { ChainKeys } from './chain-keys.js';

interface NewLink {
  readonly shard: number;
  readonly digest: string;
  readonly entries: readonly string[];
}

/**
 * Adds a link to each chain of the entries, and returns the new heads. Call last: heads stay locked
 * until commit. The MAC covers the previous hash, so heads are read first.
 */
export async function extendChain(
  query: Query,
  entries: readonly JournalEntry[],
  keys: ChainKeys,
): Promise<readonly ChainHead[]> {
  if (entries.length === 0) return [];
  const byShard = [...Map.groupBy(entries, (entry) => chainShardOf(entry.accountId))];
  const heads = lockHeads(
    query,
    byShard.map(([shard]) => shard),
  );
  const links = byShard.map(([shard, linked]) => ({
    shard,
    digest: digestOf(linked),
    entries: linked.map((entry) => entry.id),
  }));
  return appendLinks(query, await heads, links, keys);
}

/** Locks the heads of these chains (null: of all), always in one order. */
function lockHeads(query: Query, shards: readonly number[] | null): Promise<ChainHead[]> {
  return query<ChainHead>(
    `SELECT shard, sequence::text AS sequence, encode(hash, 'hex') AS hash FROM chain_head
      WHERE $1::smallint[] IS NULL OR shard = ANY ($1::smallint[]) ORDER BY shard FOR UPDATE`,
    [shards],
  );
}

async function appendLinks(
  query: Query,
  heads: readonly ChainHead[],
  links: readonly NewLink[],
  keys: ChainKeys,
): Promise<readonly ChainHead[]> {
  const byShard = new Map(heads.map((head) => [head.shard, head]));
  const rows = links.map(({ shard, digest, entries }) => {
    const head = byShard.get(shard);
    if (!head) throw new Error(`there is no chain ${shard}`);
    const sequence = String(BigInt(head.sequence) + 1n);
    const place = { shard, sequence, digest };
    const { keyId, mac } = keys.sign('chain link', keyedLinkFields(head.hash, place));
    return { ...place, keyId, mac, entries: `{${entries.join(',')}}` };
  });
  await query(APPEND, [
    rows.map((row) => row.shard),
    rows.map((row) => row.sequence),
    rows.map((row) => row.digest),
    rows.map((row) => row.mac),
    rows.map((row) => row.keyId),
    rows.map((row) => row.entries),
  ]);
  return rows.map(({ shard, sequence, mac }) => ({ shard, sequence, hash: mac }));
}

const APPEND = `
  WITH added AS (
    INSERT INTO chain_link (shard, sequence, digest, hash, key_id, entries)
    SELECT shard, sequence, decode(digest, 'hex'), decode(hash, 'hex'), key_id, entries::uuid[]
      FROM unnest($1::smallint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[]) AS k(shard, sequence, digest, hash, key_id, entries)
    RETURNING shard, sequence, hash)
  UPDATE chain_head h SET sequence = a.sequence, hash = a.hash FROM added a WHERE h.shard = a.shard`;

/** Appends the first link of each chain to a new book: a chain without links is a divergence. */
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
