import { createHash, hash } from 'node:crypto';
import { murmur2 } from '@sluice/kafka';
import type { JournalEntry } from '@sluice/ledger-core';
import type { ChainKeys } from './chain-keys.js';

/** Place in a chain, with the MAC of the entry there (hex); sequence 0: before the first entry. */
export interface ChainHead {
  readonly shard: number;
  readonly sequence: string;
  readonly hash: string;
}

/** Entry with its place in the chain of its account. */
export interface ChainedEntry extends ChainHead {
  readonly keyId: string;
  readonly entry: JournalEntry;
}

export interface SignedHead extends ChainHead {
  /** The public key, 32 bytes in base64. */
  readonly key: string;
  /** In base64. */
  readonly signature: string;
}

export type GivenHead = ChainHead & Partial<SignedHead>;

/** First difference between chain and journal: the place, and up to 20 entries. */
export interface Divergence {
  readonly kind:
    | 'entry_missing'
    | 'entry_changed'
    | 'entry_key_unknown'
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

/** Fields under the MAC of an entry: its place, the MAC of the entry before, and its content. */
export function chainedFields(
  { hash: previous }: ChainHead,
  { shard, sequence }: Pick<ChainHead, 'shard' | 'sequence'>,
  entry: JournalEntry,
): readonly (string | number)[] {
  return [shard, sequence, previous, canonicalEntry(entry)];
}

/** Gives entries of one chain their places after its head, in order. */
export function chainAfter(
  head: ChainHead,
  entries: readonly JournalEntry[],
  keys: ChainKeys,
): ChainedEntry[] {
  let last = head;
  return entries.map((entry) => {
    const place = { shard: head.shard, sequence: String(BigInt(last.sequence) + 1n) };
    const { keyId, mac } = keys.sign('chain entry', chainedFields(last, place, entry));
    const chained = { ...place, hash: mac, keyId, entry };
    last = chained;
    return chained;
  });
}

/** SHA-256 over stored entries of a chain, each with its number and MAC; null: an unreadable entry. */
export class EntriesDigest {
  constructor(private readonly lines = createHash('sha256')) {}

  add({ sequence, hash: mac }: ChainHead, entry: JournalEntry | null): void {
    this.lines.update(`${sequence} ${mac} ${entry === null ? '' : canonicalEntry(entry)}\n`);
  }

  copy(): EntriesDigest {
    return new EntriesDigest(this.lines.copy());
  }

  hex(): string {
    return this.lines.copy().digest('hex');
  }
}

/** Returns the hash before the first entry of a chain; hex. */
export function genesisOf(shard: number): string {
  return hash('sha256', `sluice ledger chain ${shard}`);
}

/**
 * Number of chains: the default number of partitions. A number of partitions that divides it keeps
 * each chain with one instance.
 */
export const CHAIN_SHARDS = 48;

/**
 * Chain of an account, by Kafka's hash of the key: instances with different partitions never wait
 * for each other.
 */
export function chainShardOf(accountId: string): number {
  return (murmur2(Buffer.from(accountId)) & 0x7fffffff) % CHAIN_SHARDS;
}
