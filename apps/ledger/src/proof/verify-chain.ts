import { hash } from 'node:crypto';
import {
  CHAIN_SHARDS,
  type ChainHead,
  type ChainReport,
  type Divergence,
  fault,
  genesisOf,
  MAX_ENTRIES_NAMED,
} from '../hash-chain/chain-digest.js';
import type { ChainKeys } from '../hash-chain/chain-keys.js';
import { idRanges, type Query } from '../sql/id-ranges.js';
import {
  checkpointFault,
  type CheckpointHead,
  CutoffWalk,
  isSealed,
  newestCheckpoint,
} from './checkpoint.js';
import { type LinkRow, walkChain } from './walk-chain.js';

/** Given when partitions are to be archived: the verification also finds where each chain can be cut. */
export interface Cutoff {
  /** Returns true if the entry with this id is in a partition to be archived. */
  readonly isArchived: (id: string) => boolean;
  /** Filled by the verification, a walk per chain. */
  readonly walks: CutoffWalk[];
}

/**
 * Walks every chain from the beginning or the newest checkpoint, recomputes each link, and stops at
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
  const starts = Array.from(
    { length: CHAIN_SHARDS },
    (_, shard) => checkpoint?.heads.find((head) => head.shard === shard) ?? beginningOf(shard),
  );
  const carried = starts.flatMap((start) => start.carried);
  const report = {
    since: checkpoint?.until ?? null,
    links: 0,
    entries: carried.length,
    heads: await headsOf(query),
    forged: [],
  };
  if (checkpoint && !(await isSealed(query, checkpoint, keys)))
    return { ...report, divergence: fault('checkpoint_forged', null, []) };
  const chained = new EntrySet();
  for (const id of carried) chained.add(id);
  for (const start of starts) {
    const walk = new CutoffWalk(start, start.carried, cutoff?.isArchived ?? (() => false));
    const divergence = await chainFault(
      { query, keys, heads: report.heads, published },
      start,
      (link) => {
        report.links += 1;
        report.entries += link.entries.length;
        for (const id of link.entries) chained.add(id);
        return cutoff ? walk.pass(link, link.entries) : null;
      },
    );
    if (divergence) return { ...report, divergence };
    cutoff?.walks.push(walk);
  }
  return { ...report, divergence: await findUnchained(query, chained, starts, carried) };
}

function beginningOf(shard: number): CheckpointHead {
  return { shard, sequence: '0', hash: genesisOf(shard), carried: [], digest: '' };
}

function headsOf(query: Query): Promise<ChainHead[]> {
  return query<ChainHead>(
    `SELECT shard, sequence::text AS sequence, encode(hash, 'hex') AS hash FROM chain_head ORDER BY shard`,
  );
}

/** Inputs of the walk, common to all chains. */
interface Walked {
  readonly query: Query;
  readonly keys: ChainKeys;
  readonly heads: readonly ChainHead[];
  readonly published: readonly ChainHead[];
}

/** Checks a chain from the start to the head. */
async function chainFault(
  { query, keys, heads, published }: Walked,
  start: CheckpointHead,
  onLink: (link: LinkRow) => Divergence | null,
): Promise<Divergence | null> {
  const before =
    start.sequence === '0'
      ? null
      : ((await checkpointFault(query, start)) ?? publishedFault(start, published));
  if (before) return before;
  const { last, divergence } = await walkChain(
    query,
    start,
    keys,
    (link) => publishedFault(link, published) ?? onLink(link),
  );
  return divergence ?? headFault(start.shard, last, heads, published);
}

function publishedFault(
  link: ChainHead & { readonly entries?: readonly string[] },
  published: readonly ChainHead[],
): Divergence | null {
  const differs = published.some(
    ({ shard, sequence, hash }) =>
      shard === link.shard && sequence === link.sequence && hash !== link.hash,
  );
  return differs ? fault('published_head_differs', link, link.entries ?? []) : null;
}

/** A head ahead of the last link means deleted links. */
function headFault(
  shard: number,
  last: ChainHead,
  heads: readonly ChainHead[],
  published: readonly ChainHead[],
): Divergence | null {
  const head = heads.find((candidate) => candidate.shard === shard);
  if (head?.sequence !== last.sequence || head.hash !== last.hash)
    return fault('head_differs', head ?? last, []);
  const beyond = published.find(
    (candidate) => candidate.shard === shard && BigInt(candidate.sequence) > BigInt(last.sequence),
  );
  return beyond ? fault('published_head_differs', beyond, []) : null;
}

const LINKS_AT_ONCE = 1_000;

/** Compares entries in chains and journal; only different buckets entry by entry. */
async function findUnchained(
  query: Query,
  chained: EntrySet,
  starts: readonly ChainHead[],
  carried: readonly string[],
): Promise<Divergence | null> {
  const [there, ranges] = [new EntrySet(), await idRanges(query, 'journal_entry', 'id')];
  for (const { from, to } of ranges) {
    const rows = await query<{ id: string }>(
      'SELECT id FROM journal_entry WHERE id >= $1 AND id < $2',
      [from, to],
    );
    for (const { id } of rows) there.add(id);
  }
  const buckets = there.differing(chained);
  if (buckets.length === 0) return null;

  const named = await namedIn(query, new Set(buckets), starts, carried);
  const suffixes = buckets.map((bucket) => bucket.toString(16).padStart(2, '0'));
  const unchained: string[] = [];
  for (const { from, to } of ranges) {
    const rows = await query<{ id: string }>(
      'SELECT id FROM journal_entry WHERE id >= $1 AND id < $2 AND right(id::text, 2) = ANY ($3::text[]) ORDER BY id',
      [from, to, suffixes],
    );
    unchained.push(...rows.flatMap(({ id }) => (named.has(id) ? [] : [id])));
    if (unchained.length >= MAX_ENTRIES_NAMED) break;
  }
  if (unchained.length > 0) return fault('entry_unchained', null, unchained);
  return fault(
    'entry_chained_twice',
    null,
    [...named].flatMap(([id, times]) => (times > 1 ? [id] : [])),
  );
}

/** Counts the occurrences in the chains of each entry of the given buckets. */
async function namedIn(
  query: Query,
  buckets: ReadonlySet<number>,
  starts: readonly ChainHead[],
  carried: readonly string[],
): Promise<Map<string, number>> {
  const named = new Map<string, number>();
  const name = (ids: readonly string[]): void => {
    for (const id of ids) if (buckets.has(bucketOf(id))) named.set(id, (named.get(id) ?? 0) + 1);
  };
  name(carried);
  for (const { shard, sequence } of starts) {
    for (let after = sequence; ;) {
      const links = await query<{ sequence: string; entries: string[] }>(
        'SELECT l.sequence::text AS sequence, entries FROM chain_link l WHERE shard = $1 AND l.sequence > $2::bigint ORDER BY l.sequence LIMIT $3',
        [shard, after, LINKS_AT_ONCE],
      );
      for (const link of links) name(link.entries);
      after = links.at(-1)?.sequence ?? after;
      if (links.length < LINKS_AT_ONCE) break;
    }
  }
  return named;
}

const BUCKETS = 256;
const MASK = (1n << 256n) - 1n;

/** Set of entry ids in constant memory: 256 buckets, each a sum of hashes, for any order. */
export class EntrySet {
  private readonly sums = Array.from({ length: BUCKETS }, () => 0n);

  add(id: string): void {
    const bucket = bucketOf(id);
    this.sums[bucket] = ((this.sums[bucket] ?? 0n) + BigInt(`0x${hash('sha256', id)}`)) & MASK;
  }

  /** Returns the buckets different from the other set's buckets. */
  differing(other: EntrySet): number[] {
    return this.sums.flatMap((sum, bucket) => (sum === other.sums[bucket] ? [] : [bucket]));
  }
}

/** Returns the last byte of the id, random in every version of UUID. */
export function bucketOf(id: string): number {
  return Number.parseInt(id.slice(-2), 16);
}
