import type { JournalEntry } from '@sluice/ledger-core';
import { ENTRY_ROW, entryFrom, type EntryRow } from '../postgres/load-entries.js';
import type { Query } from '../sql/id-ranges.js';
import {
  type ChainHead,
  chainShardOf,
  digestOf,
  type Divergence,
  fault,
  keyedLinkFields,
} from '../hash-chain/chain-digest.js';
import type { ChainKeys } from '../hash-chain/chain-keys.js';

export interface LinkRow extends ChainHead {
  readonly digest: string;
  /** Null for a link that the ledger did not write. */
  readonly keyId: string | null;
  readonly entries: readonly string[];
}

const PAGE = 200;
/** Most entries recomputed without a pause; meanwhile the process answers no request. */
const ENTRIES_AT_ONCE = 500;

/** Called with each verified link. A returned divergence stops the walk. */
type OnLink = (link: LinkRow) => Divergence | null;

/**
 * Checks the link at `start` and recomputes later links in bounded parts, up to the first wrong
 * one. Every chain has the link of `openChains`.
 */
export async function walkChain(
  query: Query,
  start: ChainHead,
  keys: ChainKeys,
  onLink: OnLink,
): Promise<{ last: ChainHead; divergence: Divergence | null }> {
  const atStart = await startFault(query, start);
  if (atStart) return { last: start, divergence: atStart };
  let last = start;
  for (;;) {
    const links = await query<LinkRow>(LINKS, [last.shard, last.sequence, PAGE]);
    for (const group of grouped(links)) {
      const entries = await entriesById(
        query,
        group.flatMap((link) => link.entries),
      );
      for (const link of group) {
        const divergence =
          linkFault(link, last, entries) ?? keyFault(link, last, keys) ?? onLink(link);
        if (divergence) return { last, divergence };
        last = link;
      }
    }
    if (links.length < PAGE)
      return { last, divergence: isBeginning(last) ? fault('link_missing', last, []) : null };
  }
}

const LINKS = `
  SELECT shard, sequence::text AS sequence, encode(digest, 'hex') AS digest, encode(hash, 'hex') AS hash, key_id AS "keyId", entries
    FROM chain_link WHERE shard = $1 AND chain_link.sequence > $2::bigint ORDER BY chain_link.sequence LIMIT $3`;

/** Groups links in order: each group has a bounded number of entries, or a single link. */
function grouped(links: readonly LinkRow[]): LinkRow[][] {
  const groups: LinkRow[][] = [];
  let capacity = 0;
  for (const link of links) {
    if (groups.length === 0 || capacity < link.entries.length)
      [groups[groups.length], capacity] = [[], ENTRIES_AT_ONCE];
    groups.at(-1)?.push(link);
    capacity -= link.entries.length;
  }
  return groups;
}

async function entriesById(query: Query, ids: readonly string[]): Promise<Map<string, EntryRow>> {
  const rows = await query<EntryRow>(
    `${ENTRY_ROW} FROM journal_entry e WHERE e.id = ANY ($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function linkFault(
  link: LinkRow,
  last: ChainHead,
  rows: ReadonlyMap<string, EntryRow>,
): Divergence | null {
  const at = (kind: Divergence['kind'], entries: readonly string[] = link.entries) =>
    fault(kind, link, entries);
  if (BigInt(link.sequence) !== BigInt(last.sequence) + 1n) return at('link_missing');
  const missing = link.entries.filter((id) => !rows.has(id));
  if (missing.length > 0) return at('entry_missing', missing);
  const entries = link.entries.flatMap((id) => readable(rows.get(id)));
  if (entries.length < link.entries.length || digestOf(entries) !== link.digest)
    return at('entry_changed');
  const misplaced = entries.filter((entry) => chainShardOf(entry.accountId) !== link.shard);
  if (misplaced.length > 0)
    return at(
      'entry_misplaced',
      misplaced.map((entry) => entry.id),
    );
  return null;
}

/** Checks the MAC of a link. Any writer of the table can compute a link without a key. */
function keyFault(link: LinkRow, last: ChainHead, keys: ChainKeys): Divergence | null {
  const at = (kind: Divergence['kind']) => fault(kind, link, link.entries);
  const { keyId, hash } = link;
  if (keyId === null) return at('link_unkeyed');
  if (!keys.knows(keyId)) return at('link_key_unknown');
  const fields = keyedLinkFields(last.hash, link);
  return keys.verify('chain link', fields, { keyId, mac: hash }) ? null : at('link_changed');
}

/** Checks that the start of a walk is the beginning of the chain, or a present link with a key. */
async function startFault(query: Query, start: ChainHead): Promise<Divergence | null> {
  if (isBeginning(start)) return null;
  const [link] = await query<{ keyed: boolean }>(
    'SELECT key_id IS NOT NULL AS keyed FROM chain_link WHERE shard = $1 AND sequence = $2',
    [start.shard, start.sequence],
  );
  if (!link) return fault('link_missing', start, []);
  return link.keyed ? null : fault('link_unkeyed', start, []);
}

/** True before the first link of a chain. */
function isBeginning({ sequence }: ChainHead): boolean {
  return sequence === '0';
}

/** Parses an entry. An unreadable entry was changed after chaining. */
function readable(row: EntryRow | undefined): JournalEntry[] {
  try {
    return row ? [entryFrom(row)] : [];
  } catch {
    return [];
  }
}
