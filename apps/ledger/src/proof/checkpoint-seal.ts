import type { Query } from '../sql/id-ranges.js';
import type { Checkpoint } from './checkpoint.js';
import type { ChainKeys } from '../hash-chain/chain-keys.js';

/**
 * Stores the MAC of a checkpoint. Proofs begin at a checkpoint: without a MAC, a forged checkpoint
 * could hide older changes.
 */
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
