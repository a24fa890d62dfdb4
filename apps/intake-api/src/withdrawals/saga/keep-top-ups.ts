import { Injectable } from '@nestjs/common';
import type { Message, WalletEventsTopic } from '@sluice/messages';
import { UnitOfWork } from '@sluice/postgres';
import { eventsOf, type VenueEvent, type VenueEventKeeper } from '../../wire/venue-event.js';

export type ToppedUpEvent = Extract<Message<WalletEventsTopic>, { type: 'venue.gas-topped-up.v1' }>;

/**
 * Stores gas top-ups of our own wallets for `GET /v1/transactions`. The ledger books top-ups by a
 * separate command.
 */
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
