import type { JournalEntry } from '@sluice/ledger-core';
import { chainAfter, type ChainHead, chainShardOf } from '../hash-chain/chain-digest.js';
import type { ChainKeys } from '../hash-chain/chain-keys.js';
import type { Query } from '../sql/id-ranges.js';
import { saveEntries } from './load-entries.js';

/**
 * Appends entries to the journal, each after the last of its chain, and returns the new heads. Call
 * last: heads stay locked until commit. A MAC covers the MAC before, so heads are read first.
 */
export async function extendChain(
  query: Query,
  entries: readonly JournalEntry[],
  keys: ChainKeys,
): Promise<readonly ChainHead[]> {
  if (entries.length === 0) return [];
  const byShard = Map.groupBy(entries, (entry) => chainShardOf(entry.accountId));
  const heads = await query<ChainHead>(LOCK_HEADS, [[...byShard.keys()]]);
  if (heads.length !== byShard.size) throw new Error('a chain has no head');
  const chains = heads.map((head) => chainAfter(head, byShard.get(head.shard) ?? [], keys));
  await saveEntries(query, chains);
  return chains.flatMap((chain) => chain.at(-1) ?? []);
}

/** Always in one order. */
const LOCK_HEADS = `
  SELECT shard, sequence::text AS sequence, encode(hash, 'hex') AS hash FROM chain_head
   WHERE shard = ANY ($1::smallint[]) ORDER BY shard FOR UPDATE`;
