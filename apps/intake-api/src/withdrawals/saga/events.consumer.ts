import { Controller, Inject, Injectable } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import {
  type Envelope,
  ledgerEvents,
  type Message,
  VENUE_EVENTS,
  type WalletEventsTopic,
} from '@sluice/messages';
import { UnitOfWork } from '@sluice/postgres';
import { WALLET } from '@sluice/withdrawal-core';
import {
  eventsOf,
  VENUE_EVENT_KEEPERS,
  type VenueEvent,
  type VenueEventKeeper,
} from '../../wire/venue-event.js';
import {
  changeOfLedgerEvent,
  changeOfVenueEvent,
  type InboundEvent,
  type ReportedChange,
} from './inbound-event.js';
import { Saga } from './saga.js';

@Controller()
export class EventsConsumer {
  constructor(
    private readonly saga: Saga,
    @Inject(VENUE_EVENT_KEEPERS) private readonly keepers: readonly VenueEventKeeper[],
  ) {}

  @BatchHandler(ledgerEvents)
  onLedgerEvents(batch: readonly Message<typeof ledgerEvents>[]): Promise<void> {
    return this.saga.take(
      batch.map((message) => inboundEvent(message, changeOfLedgerEvent(message))),
    );
  }

  @BatchHandler(VENUE_EVENTS)
  async onVenueEvents(batch: readonly VenueEvent[]): Promise<void> {
    await this.saga.take(
      batch.map((message) => inboundEvent(message, changeOfVenueEvent(message))),
    );
    for (const keeper of this.keepers) await keeper.take(batch);
  }
}

function inboundEvent({ id, traceparent }: Envelope, change: ReportedChange): InboundEvent {
  return { id, change, ...(traceparent !== undefined && { traceparent }) };
}

export type BlockSeenEvent = Extract<Message<WalletEventsTopic>, { type: 'venue.block-seen.v1' }>;

/**
 * Stores the newest block of each chain and the block of each payment, from which confirmations
 * follow. Blocks decide no state: the connector reports finality to the saga.
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

// A payment's block may be known before the saga has read the broadcast event with the first hash.
const KEEP_PAYMENTS = `
  WITH p AS (SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS p (id, tx_hash, block_number)),
  locked AS (
    SELECT w.id FROM withdrawal w JOIN p USING (id)
     WHERE w.venue = $4 AND w.state IN ('submitting','uncertain','undecided','submitted','broadcast') ORDER BY w.id FOR UPDATE OF w)
  UPDATE withdrawal w
     SET block_number = p.block_number, tx_hash = CASE WHEN w.state = 'broadcast' THEN coalesce(p.tx_hash, w.tx_hash) ELSE w.tx_hash END
    FROM p JOIN locked USING (id) WHERE w.id = p.id`;

export type ToppedUpEvent = Extract<Message<WalletEventsTopic>, { type: 'venue.gas-topped-up.v1' }>;

/** Stores gas top-ups for `GET /v1/transactions`; the ledger books them by another command. */
@Injectable()
export class KeepTopUps implements VenueEventKeeper {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** A duplicate report leaves the stored top-up unchanged. */
  async take(batch: readonly VenueEvent[]): Promise<void> {
    const events = eventsOf(batch, 'venue.gas-topped-up.v1');
    if (events.length === 0) return;
    const reported = JSON.stringify(events.map(({ data }) => data));
    await this.unitOfWork.run(async (tx) => void (await tx.query(KEEP, [reported])));
  }
}

// Stores the wallet's current account, because the wallet may be assigned to another account later.
const KEEP = `
  INSERT INTO gas_top_up (network, tx_hash, currency, amount, from_address, to_address, block_number, at, account_id)
  SELECT t.network, t."txHash", split_part(t.asset, '.', 1), t.amount, t."from", t."to", t."blockNumber", t.at,
         (SELECT w.account_id FROM hot_wallet w WHERE w.network = t.network AND lower(w.address) = lower(t."to") LIMIT 1)
    FROM json_to_recordset($1::json)
           AS t (network text, "txHash" text, asset text, amount numeric, "from" text, "to" text, "blockNumber" bigint, at timestamptz)
   ORDER BY t.at, t."txHash"
  ON CONFLICT (network, tx_hash) DO NOTHING`;
