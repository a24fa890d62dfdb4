import type { JournalEntry } from '@sluice/ledger-core';
import { digestOf } from './chain-digest.js';
import { chainShardOf } from './chain-shard.js';

/** One statement; the unit of work's, or a migration's. */
export type Execute = (sql: string, params: readonly unknown[]) => Promise<unknown>;

/**
 * Adds one link per chain that these entries are on. To be issued last: the chains' heads stay locked from here to the commit. The
 * hash is computed where the head is, so nothing has to be read first.
 */
export function extendChain(
  execute: Execute,
  entries: readonly JournalEntry[],
): Promise<unknown>[] {
  const byShard = [...Map.groupBy(entries, (entry) => chainShardOf(entry.accountId))];
  if (byShard.length === 0) return [];
  const shards = byShard.map(([shard]) => shard);
  const digests = byShard.map(([, linked]) => digestOf(linked));
  const ids = byShard.map(([, linked]) => `{${linked.map((entry) => entry.id).join(',')}}`);
  return [execute(LOCK_HEADS, [shards]), execute(APPEND, [shards, digests, ids])];
}

/** In one order everywhere: appenders wait for each other, never in a circle. */
const LOCK_HEADS =
  'SELECT FROM chain_head WHERE shard = ANY ($1::smallint[]) ORDER BY shard FOR UPDATE';

const APPEND = `
  WITH moved AS (
    UPDATE chain_head h SET sequence = h.sequence + 1, hash = sha256(h.hash || decode(k.digest, 'hex'))
      FROM unnest($1::smallint[], $2::text[], $3::text[]) AS k(shard, digest, entries)
     WHERE h.shard = k.shard
    RETURNING h.shard, h.sequence, k.digest, h.hash, k.entries)
  INSERT INTO chain_link (shard, sequence, digest, hash, entries)
  SELECT shard, sequence, decode(digest, 'hex'), hash, entries::uuid[] FROM moved`;
