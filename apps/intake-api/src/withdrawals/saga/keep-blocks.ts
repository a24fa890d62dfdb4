import { Injectable } from '@nestjs/common';
import type { Message, WalletEventsTopic } from '@sluice/messages';
import { UnitOfWork } from '@sluice/postgres';
import { WALLET } from '@sluice/withdrawal-core';
import { eventsOf, type VenueEvent, type VenueEventKeeper } from '../../wire/venue-event.js';

export type BlockSeenEvent = Extract<Message<WalletEventsTopic>, { type: 'venue.block-seen.v1' }>;

/**
 * Stores the newest block of each chain of our own wallet, and the block of each payment.
 * Confirmations follow from both, and a new block costs a single row regardless of the number of
 * waiting payments. Blocks are not steps of a withdrawal and decide no state: the connector reports
 * finality to the saga.
 */
@Injectable()
export class KeepBlocks implements VenueEventKeeper {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Stores the events; the last event per payment or chain counts. */
  async take(batch: readonly VenueEvent[]): Promise<void> {
    const events = eventsOf(batch, 'venue.block-seen.v1');
    if (events.length === 0) return;
    const heads = new Map(events.map(({ data }) => [data.network, data.blockNumber]));
    const payments = events.flatMap(({ data }) => data.payments);
    const newest = [...new Map(payments.map((one) => [one.withdrawalId, one])).values()];
    await this.unitOfWork.run(async (tx) => {
      void tx.query(KEEP_HEADS, [[...heads.keys()], [...heads.values()]]);
      if (newest.length === 0) return;
      await tx.query(KEEP_PAYMENTS, [
        newest.map(({ withdrawalId }) => withdrawalId),
        newest.map(({ txHash }) => txHash),
        newest.map(({ blockNumber }) => blockNumber),
        WALLET,
      ]);
    });
  }
}

const KEEP_HEADS = `
  INSERT INTO wallet_chain AS c (chain, head) SELECT * FROM unnest($1::text[], $2::bigint[]) AS h (chain, head) ORDER BY chain
  ON CONFLICT (chain) DO UPDATE SET head = EXCLUDED.head, seen_at = clock_timestamp()`;

// A payment's block may be known before the saga has read the broadcast event. The broadcast event
// contains the hash of the first broadcast.
const KEEP_PAYMENTS = `
  WITH p AS (SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS p (id, tx_hash, block_number)),
  locked AS (
    SELECT w.id FROM withdrawal w JOIN p USING (id)
     WHERE w.venue = $4 AND w.state IN ('submitting','uncertain','undecided','submitted','broadcast') ORDER BY w.id FOR UPDATE OF w)
  UPDATE withdrawal w
     SET block_number = p.block_number, tx_hash = CASE WHEN w.state = 'broadcast' THEN coalesce(p.tx_hash, w.tx_hash) ELSE w.tx_hash END
    FROM p JOIN locked USING (id) WHERE w.id = p.id`;
