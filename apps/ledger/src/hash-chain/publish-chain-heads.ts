import { encode, ledgerChainHeads } from '@sluice/messages';
import type { UnitOfWork } from '@sluice/postgres';

export interface ChainHeadPorts {
  readonly unitOfWork: UnitOfWork;
  readonly now: () => Date;
  readonly newId: () => string;
}

interface MovedHead {
  shard: number;
  sequence: string;
  hash: string;
}

/** Tells the world how far each chain has come since it was last told: whoever keeps that can prove that nothing before it was rewritten. */
export async function publishChainHeads({
  unitOfWork,
  now,
  newId,
}: ChainHeadPorts): Promise<number> {
  return unitOfWork.run(async (tx) => {
    const heads = await tx.query<MovedHead>(MOVED);
    const time = now().toISOString();
    for (const { shard, sequence, hash } of heads) {
      const data = { shard: String(shard), sequence, hash };
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

/** A head that a batch holds just now is told the next time. */
const MOVED = `
  UPDATE chain_head h SET published = h.sequence
    FROM (SELECT shard FROM chain_head WHERE published < sequence ORDER BY shard FOR UPDATE SKIP LOCKED) AS k
   WHERE h.shard = k.shard
  RETURNING h.shard, h.sequence::text AS sequence, encode(h.hash, 'hex') AS hash`;
