import { idRanges, type Query } from '../sql/id-ranges.js';
import {
  fault,
  MAX_ENTRIES_NAMED,
  type ChainHead,
  type Divergence,
} from '../hash-chain/chain-report.js';
import { bucketOf, EntrySet } from './entry-set.js';

const LINKS_AT_ONCE = 1_000;

/**
 * Compares the entries in the chains with the entries in the journal. Only different buckets are
 * compared entry by entry.
 */
export async function findUnchained(
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
