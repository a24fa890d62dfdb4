import { Buffer } from 'node:buffer';
import { digestOf } from '../hash-chain/chain-digest.js';
import { fault, type ChainHead, type Divergence } from '../hash-chain/chain-report.js';
import { entryFrom, ENTRY_ROW, type EntryRow } from '../postgres/load-entries.js';
import type { Query } from '../sql/id-ranges.js';

/**
 * First link of later walks, after partitions were detached. `carried` names entries of earlier
 * links still in the journal.
 */
export interface CheckpointHead extends ChainHead {
  readonly carried: readonly string[];
  /** Digest of the carried entries, ordered by id. */
  readonly digest: string;
}

export interface Checkpoint {
  readonly until: string;
  /** Entry ids below the bound are detached, except carried entries. */
  readonly bound: string;
  readonly entries: string;
  readonly heads: readonly CheckpointHead[];
}

export async function newestCheckpoint(query: Query): Promise<Checkpoint | null> {
  const [row] = await query<{ until: Date; bound: string; entries: string }>(
    'SELECT until, bound, entries::text AS entries FROM checkpoint ORDER BY until DESC LIMIT 1',
  );
  if (!row) return null;
  const heads = await query<CheckpointHead>(
    `SELECT shard, sequence::text AS sequence, encode(hash, 'hex') AS hash, carried, encode(digest, 'hex') AS digest
       FROM checkpoint_head WHERE until = $1 ORDER BY checkpoint_head.shard`,
    [row.until],
  );
  return { ...row, until: row.until.toISOString(), heads };
}

/** Returns null if the carried entries are unchanged and the start link is the proven link. */
export async function checkpointFault(
  query: Query,
  head: CheckpointHead,
): Promise<Divergence | null> {
  if ((await digestById(query, head.carried)) !== head.digest)
    return fault('checkpoint_differs', head, head.carried);
  if (head.sequence === '0') return null;
  const links = await query(
    `SELECT FROM chain_link WHERE shard = $1 AND sequence = $2 AND hash = decode($3, 'hex')`,
    [head.shard, head.sequence, head.hash],
  );
  return links.length === 1 ? null : fault('checkpoint_differs', head, []);
}

/**
 * Returns the digest of the entries, ordered by id. If an entry is missing or unreadable, the
 * result is empty and matches no digest.
 */
export async function digestById(query: Query, ids: readonly string[]): Promise<string> {
  if (ids.length === 0) return digestOf([]);
  const rows = await query<EntryRow>(
    `${ENTRY_ROW} FROM journal_entry e WHERE e.id = ANY ($1::uuid[]) ORDER BY e.id`,
    [ids],
  );
  try {
    return rows.length === ids.length ? digestOf(rows.map(entryFrom)) : '';
  } catch {
    return '';
  }
}

/** Adds a checkpoint. The same transaction must detach the partitions concerned. */
export async function storeCheckpoint(
  query: Query,
  { until, bound, entries, heads }: Checkpoint,
  sums: readonly (readonly string[])[],
): Promise<void> {
  await query('INSERT INTO checkpoint (until, bound, entries) VALUES ($1, $2, $3)', [
    until,
    bound,
    entries,
  ]);
  for (const { shard, sequence, hash, carried, digest } of heads) {
    await query(
      'INSERT INTO checkpoint_head (until, shard, sequence, hash, carried, digest) VALUES ($1, $2, $3, $4, $5::uuid[], $6)',
      [
        until,
        shard,
        sequence,
        Buffer.from(hash, 'hex'),
        `{${carried.join(',')}}`,
        Buffer.from(digest, 'hex'),
      ],
    );
  }
  await query(
    'INSERT INTO checkpoint_balance (until, account, asset, sum) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::numeric[])',
    [until, ...sums],
  );
}
