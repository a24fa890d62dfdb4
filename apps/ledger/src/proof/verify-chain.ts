import {
  CHAIN_SHARDS,
  type ChainHead,
  type ChainReport,
  type Divergence,
  EntriesDigest,
  fault,
  genesisOf,
  MAX_ENTRIES_NAMED,
} from '../hash-chain/chain-digest.js';
import type { ChainKeys } from '../hash-chain/chain-keys.js';
import { idRanges, type Query } from '../sql/id-ranges.js';
import { type CheckpointHead, CutoffWalk, isSealed, newestCheckpoint } from './checkpoint.js';
import { placedEntries, type PlacedEntry, walkChain } from './walk-chain.js';

/** Given when partitions are to be archived: the verification also finds where each chain can be cut. */
export interface Cutoff {
  /** Returns true if the entry with this id is in a partition to be archived. */
  readonly isArchived: (id: string) => boolean;
  /** Filled by the verification, a walk per chain. */
  readonly walks: CutoffWalk[];
}

/**
 * Walks every chain from the beginning or the newest checkpoint, recomputes each entry, and stops at
 * the first divergence. Only `published` heads reveal an attacker who rewrites the whole database.
 * Memory and statements are bounded.
 */
export async function verifyChain(
  query: Query,
  keys: ChainKeys,
  published: readonly ChainHead[] = [],
  cutoff?: Cutoff,
): Promise<ChainReport> {
  const checkpoint = await newestCheckpoint(query);
  const report = {
    since: checkpoint?.until ?? null,
    entries: 0,
    heads: await headsOf(query),
    forged: [],
  };
  if (checkpoint && !(await isSealed(query, checkpoint, keys)))
    return { ...report, divergence: fault('checkpoint_forged', null, []) };
  for (let shard = 0; shard < CHAIN_SHARDS; shard += 1) {
    const start = checkpoint?.heads.find((head) => head.shard === shard) ?? beginningOf(shard);
    const walk = new CutoffWalk(start, cutoff?.isArchived ?? (() => false));
    const walked = { query, keys, heads: report.heads, published, walk };
    const { entries, divergence } = await walkFrom(start, walked);
    report.entries += entries;
    if (divergence) return { ...report, divergence };
    cutoff?.walks.push(walk);
  }
  return { ...report, divergence: await findUnchained(query) };
}

function beginningOf(shard: number): CheckpointHead {
  return { shard, sequence: '0', hash: genesisOf(shard), digest: new EntriesDigest().hex() };
}

function headsOf(query: Query): Promise<ChainHead[]> {
  return query<ChainHead>(
    `SELECT shard, sequence::text AS sequence, encode(hash, 'hex') AS hash FROM chain_head ORDER BY chain_head.shard`,
  );
}

/** Inputs of the walk of one chain. */
interface Walked {
  readonly query: Query;
  readonly keys: ChainKeys;
  readonly heads: readonly ChainHead[];
  readonly published: readonly ChainHead[];
  readonly walk: CutoffWalk;
}

/** Checks a chain: what stays up to the start, the start, and each entry up to the head. */
async function walkFrom(
  start: CheckpointHead,
  { query, keys, heads, published, walk }: Walked,
): Promise<{ entries: number; divergence: Divergence | null }> {
  const staying = new EntriesDigest();
  let entries = 0;
  const count = (placed: PlacedEntry): Divergence | null => {
    entries += 1;
    return publishedFault(placed, published);
  };
  for await (const placed of placedEntries(query, start.shard, '0', start.sequence)) {
    const divergence = count(placed);
    if (divergence) return { entries, divergence };
    staying.add(placed, placed.entry);
    walk.passBefore(placed);
  }
  if (staying.hex() !== start.digest)
    return { entries, divergence: fault('checkpoint_differs', start, []) };
  const atStart = publishedFault(start, published);
  if (atStart) return { entries, divergence: atStart };
  const { last, divergence } = await walkChain(query, start, keys, (placed) => {
    walk.pass(placed);
    return count(placed);
  });
  return { entries, divergence: divergence ?? headFault(last, heads, published) };
}

function publishedFault(
  at: ChainHead & { readonly id?: string },
  published: readonly ChainHead[],
): Divergence | null {
  const differs = published.some(
    ({ shard, sequence, hash }) =>
      shard === at.shard && sequence === at.sequence && hash !== at.hash,
  );
  return differs ? fault('published_head_differs', at, at.id === undefined ? [] : [at.id]) : null;
}

/** A head ahead of the last entry means deleted entries. */
function headFault(
  last: ChainHead,
  heads: readonly ChainHead[],
  published: readonly ChainHead[],
): Divergence | null {
  const head = heads.find(({ shard }) => shard === last.shard);
  if (head?.sequence !== last.sequence || head.hash !== last.hash)
    return fault('head_differs', head ?? last, []);
  const beyond = published.find(
    ({ shard, sequence }) => shard === last.shard && BigInt(sequence) > BigInt(last.sequence),
  );
  return beyond ? fault('published_head_differs', beyond, []) : null;
}

/** Finds entries with a place in no chain, which no walk reads. */
async function findUnchained(query: Query): Promise<Divergence | null> {
  const unchained: string[] = [];
  for (const { from, to } of await idRanges(query, 'journal_entry', 'id')) {
    const rows = await query<{ id: string }>(UNCHAINED, [from, to, CHAIN_SHARDS]);
    unchained.push(...rows.map(({ id }) => id));
    if (unchained.length >= MAX_ENTRIES_NAMED) break;
  }
  return unchained.length > 0 ? fault('entry_unchained', null, unchained) : null;
}

const UNCHAINED = `
  SELECT id FROM journal_entry WHERE id >= $1 AND id < $2 AND (shard >= 0 AND shard < $3 AND sequence > 0) IS NOT TRUE
   ORDER BY id LIMIT ${MAX_ENTRIES_NAMED}`;
