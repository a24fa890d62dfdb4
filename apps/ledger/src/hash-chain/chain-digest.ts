import { createHash } from 'node:crypto';
import type { JournalEntry } from '@sluice/ledger-core';
import type { ChainHead } from './chain-report.js';

/**
 * Canonical bytes of an entry, as covered by the hash chain: every field, in a fixed order and
 * spelling. Never change this function: chained entries must give the same bytes for ever.
 */
function canonicalEntry(entry: JournalEntry): string {
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
