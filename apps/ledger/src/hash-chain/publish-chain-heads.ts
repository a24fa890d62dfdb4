import type { HeadSigner } from './head-signer.js';
import { encode, ledgerChainHeads } from '@sluice/messages';
import type { Database, UnitOfWork } from '@sluice/postgres';
import type { ChainHead } from './chain-report.js';

interface ChainHeadPorts {
  readonly unitOfWork: UnitOfWork;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly signer: HeadSigner;
}

/**
 * Publishes the head of every chain grown since the last publication. Returns the number of heads.
 * A consumer with stored heads can prove later: the entries before them were not rewritten.
 */
export async function publishChainHeads({
  unitOfWork,
  now,
  newId,
  signer,
}: ChainHeadPorts): Promise<number> {
  return unitOfWork.run(async (tx) => {
    const heads = await tx.query<ChainHead>(TAKE_UNPUBLISHED);
    const time = now().toISOString();
    for (const head of heads) {
      const { shard, ...signed } = signer.sign(head);
      const data = { shard: String(shard), ...signed };
      tx.publish(
        encode(ledgerChainHeads, {
          id: newId(),
          source: 'ledger',
          subject: data.shard,
          time,
          type: 'ledger.chain-extended.v1',
          data,
        }),
      );
    }
    return heads.length;
  });
}

/** Marks every chain head for publication after Kafka lost the topic, unchanged heads included. */
export async function publishAllHeadsNext(database: Pick<Database, 'query'>): Promise<void> {
  await database.query('UPDATE chain_head SET published = 0 WHERE published > 0');
}

/**
 * A head locked by a batch at this moment is published the next time. No head is published while
 * the book lacks a head published earlier: a shorter chain would look like the newest chain.
 */
const TAKE_UNPUBLISHED = `
  UPDATE chain_head h SET published = h.sequence
    FROM (SELECT shard FROM chain_head WHERE published < sequence ORDER BY shard FOR UPDATE SKIP LOCKED) AS k
   WHERE h.shard = k.shard
     AND NOT EXISTS (SELECT FROM lost_head l JOIN book_halt b ON b.id = l.halt_id WHERE b.lifted_at IS NULL)
  RETURNING h.shard, h.sequence::text AS sequence, encode(h.hash, 'hex') AS hash`;
