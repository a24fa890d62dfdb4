import { ENTRY_ROW, entryFrom, type EntryRow } from '../postgres/load-entries.js';
import type { Query } from '../sql/id-ranges.js';
import {
  chainedFields,
  type ChainedEntry,
  type ChainHead,
  chainShardOf,
  type Divergence,
  fault,
} from '../hash-chain/chain-digest.js';
import type { ChainKeys } from '../hash-chain/chain-keys.js';

/** Stored entry with its place. `entry` is null for an unreadable row: it was changed. */
export interface PlacedEntry extends Omit<ChainedEntry, 'entry'> {
  readonly id: string;
  readonly entry: ChainedEntry['entry'] | null;
}

type PlacedRow = EntryRow & Omit<PlacedEntry, 'entry'>;

/** Entries of a statement. The process answers no request while it recomputes them. */
const PAGE = 500;

/** Called with each verified entry. A returned divergence stops the walk. */
type OnEntry = (entry: PlacedEntry) => Divergence | null;

/**
 * Recomputes the entries of a chain after `start`, in bounded parts, up to the first wrong one. A
 * checkpoint's MAC, or an earlier walk, vouches for the start.
 */
export async function walkChain(
  query: Query,
  start: ChainHead,
  keys: ChainKeys,
  onEntry: OnEntry,
): Promise<{ last: ChainHead; divergence: Divergence | null }> {
  let last = start;
  for await (const entry of placedEntries(query, start.shard, start.sequence, null)) {
    const divergence = entryFault(entry, last, keys) ?? onEntry(entry);
    if (divergence) return { last, divergence };
    last = { shard: entry.shard, sequence: entry.sequence, hash: entry.hash };
  }
  return { last, divergence: null };
}

/** Entries of a chain after one number and up to another (null: all), in order, those of one number by id. */
export async function* placedEntries(
  query: Query,
  shard: number,
  after: string,
  upTo: string | null,
): AsyncGenerator<PlacedEntry> {
  let last = { sequence: after, id: GREATEST_ID };
  for (;;) {
    const rows: PlacedRow[] = await query<PlacedRow>(PLACED, [
      shard,
      last.sequence,
      last.id,
      upTo,
      PAGE,
    ]);
    for (const row of rows) yield { ...row, entry: readable(row) };
    last = rows.at(-1) ?? last;
    if (rows.length < PAGE) return;
  }
}

const GREATEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const PLACED = `${ENTRY_ROW}, e.shard, e.sequence::text AS sequence, encode(e.mac, 'hex') AS hash, e.key_id AS "keyId"
    FROM journal_entry e
   WHERE e.shard = $1 AND (e.sequence, e.id) > ($2::bigint, $3::uuid) AND e.sequence <= coalesce($4::bigint, 9223372036854775807)
   ORDER BY e.sequence, e.id LIMIT $5`;

function entryFault(placed: PlacedEntry, last: ChainHead, keys: ChainKeys): Divergence | null {
  const { id, entry, shard, sequence, keyId, hash } = placed;
  const expected = String(BigInt(last.sequence) + 1n);
  if (sequence === last.sequence) return fault('entry_chained_twice', placed, [id]);
  if (sequence !== expected) return fault('entry_missing', { shard, sequence: expected }, []);
  if (!keys.knows(keyId)) return fault('entry_key_unknown', placed, [id]);
  const isOurs =
    entry !== null &&
    keys.verify('chain entry', chainedFields(last, placed, entry), { keyId, mac: hash });
  if (!isOurs) return fault('entry_changed', placed, [id]);
  return chainShardOf(entry.accountId) === shard ? null : fault('entry_misplaced', placed, [id]);
}

function readable(row: EntryRow): ChainedEntry['entry'] | null {
  try {
    return entryFrom(row);
  } catch {
    return null;
  }
}
