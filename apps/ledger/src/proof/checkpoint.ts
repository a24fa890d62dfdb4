import { Buffer } from 'node:buffer';
import { type ChainHead, EntriesDigest } from '../hash-chain/chain-digest.js';
import type { ChainKeys } from '../hash-chain/chain-keys.js';
import type { Query } from '../sql/id-ranges.js';
import type { PlacedEntry } from './walk-chain.js';

/** Last detached entry of a chain, after which later walks begin. */
export interface CheckpointHead extends ChainHead {
  /** Digest of the entries up to this one that are still in the journal, in order. */
  readonly digest: string;
}

export interface Checkpoint {
  readonly until: string;
  /** Entry ids below the bound are detached, except entries outside of the partitions by time. */
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
    `SELECT shard, sequence::text AS sequence, encode(hash, 'hex') AS hash, encode(digest, 'hex') AS digest
       FROM checkpoint_head WHERE until = $1 ORDER BY checkpoint_head.shard`,
    [row.until],
  );
  return { ...row, until: row.until.toISOString(), heads };
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
  for (const { shard, sequence, hash, digest } of heads) {
    await query(
      'INSERT INTO checkpoint_head (until, shard, sequence, hash, digest) VALUES ($1, $2, $3, $4, $5)',
      [until, shard, sequence, Buffer.from(hash, 'hex'), Buffer.from(digest, 'hex')],
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
    .map(({ shard, sequence, hash, digest }) => [shard, sequence, hash, digest]);
  return [until, bound, entries, sums?.digest ?? '', JSON.stringify(chains)];
}

/**
 * Finds the cut for archiving during a walk: `head` is the last entry to be archived, `digest` is
 * over the entries up to it that stay in the journal.
 */
export class CutoffWalk {
  head: ChainHead;
  private readonly staying = new EntriesDigest();
  /** Digest of the entries that stay up to the head; null while none stays after it. */
  private upToHead: EntriesDigest | null = null;

  constructor(
    start: ChainHead,
    private readonly isArchived: (id: string) => boolean,
  ) {
    this.head = start;
  }

  get digest(): string {
    return (this.upToHead ?? this.staying).hex();
  }

  /** Takes an entry up to the start that was not archived before. */
  passBefore(placed: PlacedEntry): void {
    if (!this.isArchived(placed.id)) this.staying.add(placed, placed.entry);
  }

  /** Takes an entry after the start, in order. */
  pass(placed: PlacedEntry): void {
    if (this.isArchived(placed.id)) {
      const { shard, sequence, hash } = placed;
      this.head = { shard, sequence, hash };
      this.upToHead = null;
    } else {
      this.upToHead ??= this.staying.copy();
      this.staying.add(placed, placed.entry);
    }
  }
}
