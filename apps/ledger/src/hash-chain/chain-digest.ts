import { createHash } from 'node:crypto';
import type { JournalEntry } from '@sluice/ledger-core';
import type { ChainHead } from './chain-report.js';

/**
 * The bytes of an entry that its chain vouches for: every field, in one order and one spelling. Never to be changed: what was chained
 * must give the same bytes for ever.
 */
export function canonicalEntry(entry: JournalEntry): string {
  const {
    id,
    kind,
    accountId,
    withdrawalId,
    reference,
    reverses,
    reason,
    effectiveAt,
    recordedAt,
    postings,
  } = entry;
  const lines = postings.map(({ account, amount }) => [account, amount.asset, amount.toString()]);
  return JSON.stringify([
    id,
    kind,
    accountId,
    withdrawalId,
    reference,
    reverses,
    reason,
    effectiveAt,
    recordedAt,
    lines,
  ]);
}

/** SHA-256 over the entries of one link, each on its line; hex. */
export function digestOf(entries: readonly JournalEntry[]): string {
  const hash = createHash('sha256');
  for (const entry of entries) hash.update(canonicalEntry(entry)).update('\n');
  return hash.digest('hex');
}

/** The hash of a link from before chains had keys: over the one before it and its own digest; hex. */
export function unkeyedLinkHash(previous: string, digest: string): string {
  return createHash('sha256')
    .update(Buffer.from(previous, 'hex'))
    .update(Buffer.from(digest, 'hex'))
    .digest('hex');
}

/** What the key of a link vouches for: where it stands, what it follows and what it holds. */
export function keyedLinkFields(
  previous: string,
  { shard, sequence, digest }: Pick<ChainHead, 'shard' | 'sequence'> & { readonly digest: string },
): readonly (string | number)[] {
  return [shard, sequence, previous, digest];
}

/** What the first link of a chain follows; hex. */
export function genesisOf(shard: number): string {
  return createHash('sha256').update(`sluice ledger chain ${shard}`).digest('hex');
}
