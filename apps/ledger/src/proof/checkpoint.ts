import { Buffer } from 'node:buffer';
import { type ChainHead, digestOf, type Divergence, fault } from '../hash-chain/chain-digest.js';
import type { ChainKeys } from '../hash-chain/chain-keys.js';
import { ENTRY_ROW, entryFrom, type EntryRow } from '../postgres/load-entries.js';
import type { Query } from '../sql/id-ranges.js';

/** First link of later walks. `carried`: entries of earlier links still in the journal. */
export interface CheckpointHead extends ChainHead {
  readonly carried: readonly string[];
  /** Digest of the carried entries, ordered by id. */
  readonly digest: string;
}

export interface Checkpoint {
  readonly until: string;
  /** Entry ids below the bound are detached, except carried entries. */
  readonly bound: string;
  readonly entries: string;
  readonly heads: readonly CheckpointHead[];
}

export async function newestCheckpoint(query: Query): Promise<Checkpoint | null> {
  const [row] = await query<{ until: Date; bound: string; entries: string }>(
    'SELECT until, bound, entries::text AS entries FROM checkpoint ORDER BY until DESC LIMIT 1',
  );
  if (!row) return null;
  const heads = await query<CheckpointHead>(
    `SELECT shard, sequence::text AS sequence, encode(hash, 'hex') AS hash, carried, encode(digest, 'hex') AS digest
       FROM checkpoint_head WHERE until = $1 ORDER BY checkpoint_head.shard`,
    [row.until],
  );
  return { ...row, until: row.until.toISOString(), heads };
}

/** Returns null if the carried entries are unchanged and the start link is the proven link. */
export async function checkpointFault(
  query: Query,
  head: CheckpointHead,
): Promise<Divergence | null> {
  if ((await digestById(query, head.carried)) !== head.digest)
    return fault('checkpoint_differs', head, head.carried);
  if (head.sequence === '0') return null;
  const links = await query(
    `SELECT FROM chain_link WHERE shard = $1 AND sequence = $2 AND hash = decode($3, 'hex')`,
    [head.shard, head.sequence, head.hash],
  );
  return links.length === 1 ? null : fault('checkpoint_differs', head, []);
}

/** Digest of entries by id; empty, matching no digest, if one is missing or unreadable. */
export async function digestById(query: Query, ids: readonly string[]): Promise<string> {
  if (ids.length === 0) return digestOf([]);
  const rows = await query<EntryRow>(
    `${ENTRY_ROW} FROM journal_entry e WHERE e.id = ANY ($1::uuid[]) ORDER BY e.id`,
    [ids],
  );
  try {
    return rows.length === ids.length ? digestOf(rows.map(entryFrom)) : '';
  } catch {
    return '';
  }
}

/** Adds a checkpoint. The same transaction must detach the partitions concerned. */
export async function storeCheckpoint(
  query: Query,
  { until, bound, entries, heads }: Checkpoint,
  sums: readonly (readonly string[])[],
): Promise<void> {
  await query('INSERT INTO checkpoint (until, bound, entries) VALUES ($1, $2, $3)', [
    until,
    bound,
    entries,
  ]);
  for (const { shard, sequence, hash, carried, digest } of heads) {
    await query(
      'INSERT INTO checkpoint_head (until, shard, sequence, hash, carried, digest) VALUES ($1, $2, $3, $4, $5::uuid[], $6)',
      [
        until,
        shard,
        sequence,
        Buffer.from(hash, 'hex'),
        `{${carried.join(',')}}`,
        Buffer.from(digest, 'hex'),
      ],
    );
  }
  await query(
    'INSERT INTO checkpoint_balance (until, account, asset, sum) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::numeric[])',
    [until, ...sums],
  );
}

/** Stores a checkpoint's MAC: a forged checkpoint could hide older changes. */
export async function sealCheckpoint(
  query: Query,
  checkpoint: Checkpoint,
  keys: ChainKeys,
): Promise<void> {
  const { keyId, mac } = keys.sign('checkpoint', await fieldsOf(query, checkpoint));
  await query('INSERT INTO checkpoint_seal (until, key_id, mac) VALUES ($1, $2, $3)', [
    checkpoint.until,
    keyId,
    Buffer.from(mac, 'hex'),
  ]);
}

/** Returns true if the checkpoint is unchanged since storage. */
export async function isSealed(
  query: Query,
  checkpoint: Checkpoint,
  keys: ChainKeys,
): Promise<boolean> {
  const [seal] = await query<{ keyId: string; mac: string }>(
    `SELECT key_id AS "keyId", encode(mac, 'hex') AS mac FROM checkpoint_seal WHERE until = $1`,
    [checkpoint.until],
  );
  return seal !== undefined && keys.verify('checkpoint', await fieldsOf(query, checkpoint), seal);
}

async function fieldsOf(query: Query, checkpoint: Checkpoint): Promise<readonly string[]> {
  const { until, bound, entries, heads } = checkpoint;
  const [sums] = await query<{ digest: string }>(
    `SELECT encode(sha256(convert_to(coalesce(string_agg(
              jsonb_build_array(account, asset, trim_scale(sum)::text)::text, E'\\n'
              ORDER BY account COLLATE "C", asset COLLATE "C"), ''), 'UTF8')), 'hex') AS digest
       FROM checkpoint_balance WHERE until = $1`,
    [until],
  );
  const chains = [...heads]
    .sort((a, b) => a.shard - b.shard)
    .map(({ shard, sequence, hash, carried, digest }) => [shard, sequence, hash, carried, digest]);
  return [until, bound, entries, sums?.digest ?? '', JSON.stringify(chains)];
}

/** Most carried entries of a chain. More mean a wrong clock or an unfinished month. */
const MAX_CARRIED = 10_000;

/**
 * Finds the cut for archiving during a walk: `head` is the last link with an archived entry,
 * `carried` are entries of earlier links still in the journal, under the checkpoint's MAC.
 */
export class CutoffWalk {
  /** The last link with an archived entry. */
  head: ChainHead;
  carried: string[];
  private stayingSinceHead: string[] = [];
  private tooManyStay = false;

  constructor(
    start: ChainHead,
    carried: readonly string[],
    private readonly isArchived: (id: string) => boolean,
  ) {
    this.head = start;
    this.carried = carried.filter((id) => !isArchived(id));
  }

  /** Returns a divergence if an archived entry follows more than `MAX_CARRIED` remaining ones. */
  pass(link: ChainHead, entries: readonly string[]): Divergence | null {
    if (!this.tooManyStay)
      this.stayingSinceHead.push(...entries.filter((id) => !this.isArchived(id)));
    if (entries.some((id) => this.isArchived(id))) {
      if (this.tooManyStay || this.carried.length + this.stayingSinceHead.length > MAX_CARRIED)
        return fault(
          'entry_misplaced',
          link,
          entries.filter((id) => this.isArchived(id)),
        );
      this.carried.push(...this.stayingSinceHead);
      this.stayingSinceHead = [];
      this.head = { shard: link.shard, sequence: link.sequence, hash: link.hash };
    } else if (this.stayingSinceHead.length > MAX_CARRIED) {
      [this.stayingSinceHead, this.tooManyStay] = [[], true];
    }
    return null;
  }
}
