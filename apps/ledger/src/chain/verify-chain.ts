import type { JournalEntry } from '@sluice/ledger-core';
import { ENTRY_ROW, entryFrom, type EntryRow } from '../postgres/load-entries.js';
import { digestOf, genesisOf, linkHash } from './chain-digest.js';
import { CHAIN_SHARDS, chainShardOf } from './chain-shard.js';

/** The last link of a chain, as it stands in the book or as it was published. */
export interface ChainHead {
  readonly shard: number;
  readonly sequence: string;
  readonly hash: string;
}

/** Where a chain and the journal part ways, in one sentence, and what it is about. */
export interface Divergence {
  readonly kind:
    | 'link_missing'
    | 'link_changed'
    | 'entry_missing'
    | 'entry_changed'
    | 'entry_misplaced'
    | 'head_differs'
    | 'published_head_differs'
    | 'entry_unchained';
  readonly shard: number | null;
  readonly sequence: string | null;
  readonly entries: readonly string[];
}

export interface ChainReport {
  readonly links: number;
  readonly entries: number;
  readonly heads: readonly ChainHead[];
  readonly divergence: Divergence | null;
}

/** One statement; all of one verification see one snapshot. */
export type Query = <R extends object>(sql: string, params?: readonly unknown[]) => Promise<R[]>;

interface LinkRow extends ChainHead {
  readonly digest: string;
  readonly entries: readonly string[];
}

const PAGE = 200;
const NAMED = 20;

/**
 * Walks every chain from its beginning, recomputes each link from the journal as it is, and stops at the first divergence. Whoever can
 * rewrite the whole database can rewrite the chains too: `published` heads, kept by somebody else, tell that as well.
 */
export async function verifyChain(query: Query, published: readonly ChainHead[] = []): Promise<ChainReport> {
  const report = { links: 0, entries: 0, heads: await headsOf(query) };
  for (let shard = 0; shard < CHAIN_SHARDS; shard += 1) {
    const walk = await walkChain(query, shard, published);
    report.links += walk.links;
    report.entries += walk.entries;
    const divergence = walk.divergence ?? headFault(shard, walk.last, report.heads, published);
    if (divergence) return { ...report, divergence };
  }
  return { ...report, divergence: await findUnchained(query) };
}

function headsOf(query: Query): Promise<ChainHead[]> {
  return query<ChainHead>(`SELECT shard, sequence::text AS sequence, encode(hash, 'hex') AS hash FROM chain_head ORDER BY shard`);
}

interface Walk {
  links: number;
  entries: number;
  last: ChainHead;
  divergence: Divergence | null;
}

async function walkChain(query: Query, shard: number, published: readonly ChainHead[]): Promise<Walk> {
  const walk: Walk = { links: 0, entries: 0, last: { shard, sequence: '0', hash: genesisOf(shard) }, divergence: null };
  for (;;) {
    const links = await query<LinkRow>(LINKS, [shard, walk.last.sequence, PAGE]);
    const entries = await entriesById(
      query,
      links.flatMap((link) => link.entries),
    );
    for (const link of links) {
      walk.divergence = linkFault(link, walk.last, entries) ?? publishedFault(link, published);
      if (walk.divergence) return walk;
      walk.links += 1;
      walk.entries += link.entries.length;
      walk.last = link;
    }
    if (links.length < PAGE) return walk;
  }
}

const LINKS = `
  SELECT shard, sequence::text AS sequence, encode(digest, 'hex') AS digest, encode(hash, 'hex') AS hash, entries
    FROM chain_link WHERE shard = $1 AND chain_link.sequence > $2::bigint ORDER BY chain_link.sequence LIMIT $3`;

async function entriesById(query: Query, ids: readonly string[]): Promise<Map<string, EntryRow>> {
  const rows = await query<EntryRow>(`${ENTRY_ROW} FROM journal_entry e WHERE e.id = ANY ($1::uuid[])`, [ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

function linkFault(link: LinkRow, last: ChainHead, rows: ReadonlyMap<string, EntryRow>): Divergence | null {
  const at = (kind: Divergence['kind'], entries: readonly string[] = link.entries) => fault(kind, link, entries);
  if (BigInt(link.sequence) !== BigInt(last.sequence) + 1n) return at('link_missing');
  const missing = link.entries.filter((id) => !rows.has(id));
  if (missing.length > 0) return at('entry_missing', missing);
  const entries = link.entries.flatMap((id) => readable(rows.get(id)));
  if (entries.length < link.entries.length || digestOf(entries) !== link.digest) return at('entry_changed');
  const misplaced = entries.filter((entry) => chainShardOf(entry.accountId) !== link.shard);
  if (misplaced.length > 0)
    return at(
      'entry_misplaced',
      misplaced.map((entry) => entry.id),
    );
  return linkHash(last.hash, link.digest) === link.hash ? null : at('link_changed');
}

/** An entry that cannot even be read was changed since it was chained. */
function readable(row: EntryRow | undefined): JournalEntry[] {
  try {
    return row ? [entryFrom(row)] : [];
  } catch {
    return [];
  }
}

function publishedFault(link: LinkRow, published: readonly ChainHead[]): Divergence | null {
  const differs = published.some(({ shard, sequence, hash }) => shard === link.shard && sequence === link.sequence && hash !== link.hash);
  return differs ? fault('published_head_differs', link, link.entries) : null;
}

/** A head that is further than its chain says that links were cut off. */
function headFault(shard: number, last: ChainHead, heads: readonly ChainHead[], published: readonly ChainHead[]): Divergence | null {
  const head = heads.find((candidate) => candidate.shard === shard);
  if (head?.sequence !== last.sequence || head.hash !== last.hash) return fault('head_differs', head ?? last, []);
  const beyond = published.find((candidate) => candidate.shard === shard && BigInt(candidate.sequence) > BigInt(last.sequence));
  return beyond ? fault('published_head_differs', beyond, []) : null;
}

async function findUnchained(query: Query): Promise<Divergence | null> {
  const rows = await query<{ id: string }>(
    `SELECT e.id FROM journal_entry e LEFT JOIN (SELECT unnest(entries) AS id FROM chain_link) AS chained USING (id)
      WHERE chained.id IS NULL ORDER BY e.id LIMIT $1`,
    [NAMED],
  );
  return rows.length === 0 ? null : { kind: 'entry_unchained', shard: null, sequence: null, entries: rows.map(({ id }) => id) };
}

function fault(kind: Divergence['kind'], { shard, sequence }: ChainHead, entries: readonly string[]): Divergence {
  return { kind, shard, sequence, entries: entries.slice(0, NAMED) };
}
