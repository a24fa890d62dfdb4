import { createHash } from 'node:crypto';
import { murmur2 } from '@sluice/kafka';
import type { JournalEntry } from '@sluice/ledger-core';

export interface ChainHead {
  readonly shard: number;
  readonly sequence: string;
  readonly hash: string;
}

export interface SignedHead extends ChainHead {
  /** The public key, 32 bytes in base64. */
  readonly key: string;
  /** In base64. */
  readonly signature: string;
}

export type GivenHead = ChainHead & Partial<SignedHead>;

/** First difference between chain and journal: the link, and up to 20 of its entries. */
export interface Divergence {
  readonly kind:
    | 'link_missing'
    | 'link_changed'
    | 'link_unkeyed'
    | 'link_key_unknown'
    | 'entry_missing'
    | 'entry_changed'
    | 'entry_misplaced'
    | 'head_differs'
    | 'published_head_differs'
    | 'checkpoint_differs'
    | 'checkpoint_forged'
    | 'entry_unchained'
    | 'entry_chained_twice';
  readonly shard: number | null;
  readonly sequence: string | null;
  readonly entries: readonly string[];
}

export interface ChainReport {
  /** Time of the newest checkpoint, before which entries are detached; null without one. */
  readonly since: string | null;
  readonly links: number;
  readonly entries: number;
  readonly heads: readonly ChainHead[];
  /** Given heads not signed by this ledger. Their content proves no fault of the book. */
  readonly forged: readonly GivenHead[];
  readonly divergence: Divergence | null;
}

export const MAX_ENTRIES_NAMED = 20;

export function fault(
  kind: Divergence['kind'],
  place: Pick<ChainHead, 'shard' | 'sequence'> | null,
  entries: readonly string[],
): Divergence {
  return {
    kind,
    shard: place?.shard ?? null,
    sequence: place?.sequence ?? null,
    entries: entries.slice(0, MAX_ENTRIES_NAMED),
  };
}

/**
 * Canonical bytes of an entry. Never change this function: chained entries must give the same bytes
 * for ever.
 */
function canonicalEntry(entry: JournalEntry): string {
  const { id, kind, accountId, withdrawalId, reference, reverses, reason, postings } = entry;
  const terms = [id, kind, accountId, withdrawalId, reference, reverses, reason];
  const lines = postings.map(({ account, amount }) => [account, amount.asset, amount.toString()]);
  return JSON.stringify([...terms, entry.effectiveAt, entry.recordedAt, lines]);
}

/** Returns the SHA-256 over the entries of a link, an entry per line; hex. */
export function digestOf(entries: readonly JournalEntry[]): string {
  const hash = createHash('sha256');
  for (const entry of entries) hash.update(canonicalEntry(entry)).update('\n');
  return hash.digest('hex');
}

/** Fields under the MAC of a keyed link: position, previous hash and content. */
export function keyedLinkFields(
  previous: string,
  { shard, sequence, digest }: Pick<ChainHead, 'shard' | 'sequence'> & { readonly digest: string },
): readonly (string | number)[] {
  return [shard, sequence, previous, digest];
}

/** Returns the hash before the first link of a chain; hex. */
export function genesisOf(shard: number): string {
  return createHash('sha256').update(`sluice ledger chain ${shard}`).digest('hex');
}

/** Number of chains. A partition count that divides it keeps each chain with one instance. */
export const CHAIN_SHARDS = 24;

/**
 * Chain of an account, by Kafka's hash of the key: instances with different partitions never wait
 * for each other.
 */
export function chainShardOf(accountId: string): number {
  return (murmur2(Buffer.from(accountId)) & 0x7fffffff) % CHAIN_SHARDS;
}
