import type { Tx } from '@sluice/postgres';
import type { ChainHead } from './chain-report.js';

type Reader = Pick<Tx, 'query'>;

/** Head seen earlier, with the present end of the book's own chain. */
export interface LostHead extends ChainHead {
  readonly own: string;
}

interface PresentHead extends ChainHead {
  readonly is_published: boolean;
}

/** Returns the present heads of all chains. */
export function headsNow(reader: Reader): Promise<readonly PresentHead[]> {
  return reader.query<PresentHead>(
    `SELECT shard, sequence::text AS sequence, encode(hash, 'hex') AS hash, published >= sequence AS is_published FROM chain_head ORDER BY chain_head.shard`,
    [],
  );
}

/**
 * Returns the given heads missing in the book: the chain is shorter or has another link at this
 * height. The check skips links of detached months, and heads of a halt already lifted by two
 * people.
 */
export function lostHeads(reader: Reader, heads: readonly ChainHead[]): Promise<LostHead[]> {
  if (heads.length === 0) return Promise.resolve([]);
  return reader.query<LostHead>(LOST, [
    heads.map(({ shard }) => shard),
    heads.map(({ sequence }) => sequence),
    heads.map(({ hash }) => hash),
  ]);
}

/**
 * Halts the book in every instance, in the caller's transaction. The lost heads are attached to the
 * halt in force: lifting the halt accepts them as lost. Returns the reason.
 */
export async function haltForLostHeads(
  tx: Reader,
  lost: readonly LostHead[],
  seenIn: string,
): Promise<string> {
  const reason = reasonOfLostHeads(lost, seenIn);
  await tx.query('INSERT INTO book_halt (reason) VALUES ($1) ON CONFLICT DO NOTHING', [reason]);
  await tx.query(KEEP, [
    lost.map(({ shard }) => shard),
    lost.map(({ sequence }) => sequence),
    lost.map(({ hash }) => hash),
  ]);
  return reason;
}

/**
 * Describes each chain with the present height, the height seen earlier, and the operator's next
 * step.
 */
function reasonOfLostHeads(lost: readonly LostHead[], seenIn: string): string {
  const newest = new Map<number, LostHead>();
  for (const head of lost) {
    const known = newest.get(head.shard);
    if (!known || BigInt(head.sequence) > BigInt(known.sequence)) newest.set(head.shard, head);
  }
  const chains = [...newest.values()].sort((a, b) => a.shard - b.shard);
  const named = chains.slice(0, MOST_NAMED).map(describe).join('; ');
  const more = chains.length > MOST_NAMED ? `; and ${chains.length - MOST_NAMED} more chains` : '';
  return `the ledger's database was put back: ${named}${more}. ${REMEDY} (seen in ${seenIn})`;
}

function describe({ shard, own, sequence }: LostHead): string {
  return BigInt(sequence) > BigInt(own)
    ? `chain ${shard} ends at link ${own} and had link ${sequence}`
    : `chain ${shard} had another link ${sequence} than now`;
}

const MOST_NAMED = 3;
const REMEDY =
  'Bring the newer database back, or follow "Only the ledger’s database was restored" in docs/operations/backup-and-restore.md';

const LOST = `
  SELECT g.shard, g.sequence::text AS sequence, g.hash, h.sequence::text AS own
    FROM (SELECT DISTINCT * FROM unnest($1::smallint[], $2::bigint[], $3::text[]) AS k (shard, sequence, hash)) AS g
    JOIN chain_head h USING (shard)
    LEFT JOIN chain_link l ON l.shard = g.shard AND l.sequence = g.sequence
   WHERE (g.sequence > h.sequence OR g.sequence = h.sequence AND decode(g.hash, 'hex') <> h.hash OR decode(g.hash, 'hex') <> l.hash)
     AND NOT EXISTS (SELECT FROM lost_head x JOIN book_halt b ON b.id = x.halt_id
                      WHERE x.shard = g.shard AND x.sequence = g.sequence AND x.hash = decode(g.hash, 'hex') AND b.lifted_at IS NOT NULL)
   ORDER BY g.shard, g.sequence`;

const KEEP = `
  INSERT INTO lost_head (halt_id, shard, sequence, hash)
  SELECT b.id, k.shard, k.sequence, decode(k.hash, 'hex')
    FROM book_halt b, unnest($1::smallint[], $2::bigint[], $3::text[]) AS k (shard, sequence, hash)
   WHERE b.lifted_at IS NULL
  ON CONFLICT DO NOTHING`;
