import type { Query } from '../sql/id-ranges.js';
import { genesisOf } from '../hash-chain/chain-digest.js';
import type { ChainKeys } from '../hash-chain/chain-keys.js';
import {
  fault,
  type ChainHead,
  type ChainReport,
  type Divergence,
} from '../hash-chain/chain-report.js';
import { CHAIN_SHARDS } from '../hash-chain/chain-shard.js';
import { checkpointFault, newestCheckpoint, type CheckpointHead } from './checkpoint.js';
import { isSealed } from './checkpoint-seal.js';
import { EntrySet } from './entry-set.js';
import { findUnchained } from './find-unchained.js';
import { CutoffWalk } from './cutoff-walk.js';
import { walkChain, type LinkRow } from './walk-chain.js';

/** Given when partitions are to be archived: the verification also finds where each chain can be cut. */
export interface Cutoff {
  /** Returns true if the entry with this id is in a partition to be archived. */
  readonly isArchived: (id: string) => boolean;
  /** Filled by the verification, a walk per chain. */
  readonly walks: CutoffWalk[];
}

/**
 * Walks every chain from the beginning, or from the newest checkpoint if older entries are
 * detached. Recomputes each link from the present journal and stops at the first divergence. An
 * attacker able to rewrite the whole database can rewrite the chains too. Only the `published`
 * heads, stored outside the database, reveal this. Memory and statements are bounded, for a book of
 * any size.
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
