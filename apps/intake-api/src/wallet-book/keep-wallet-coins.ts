import { Injectable } from '@nestjs/common';
import type { Message, WalletEventsTopic } from '@sluice/messages';
import { Database } from '@sluice/postgres';
import { eventsOf, type VenueEvent, type VenueEventKeeper } from '../wire/venue-event.js';

export type WalletCoinsEvent = Extract<
  Message<WalletEventsTopic>,
  { type: 'venue.wallet-coins.v1' }
>;

/** Stores the newest count per asset of our own wallets' balances on the chains. */
@Injectable()
export class KeepWalletCoins implements VenueEventKeeper {
  constructor(private readonly database: Database) {}

  async take(batch: readonly VenueEvent[]): Promise<void> {
    const events = eventsOf(batch, 'venue.wallet-coins.v1');
    const newest = [...new Map(events.map(({ data }) => [data.asset, data])).values()];
    if (newest.length === 0) return;
    await this.database.query(KEEP, [
      newest.map(({ asset }) => asset),
      newest.map(({ total }) => total),
      newest.map(({ blockNumber }) => blockNumber),
      newest.map(({ at }) => at),
    ]);
  }
}

const KEEP = `
  INSERT INTO wallet_coin_total AS w (asset, total, block, read_at)
  SELECT * FROM unnest($1::text[], $2::numeric[], $3::bigint[], $4::timestamptz[]) AS c (asset, total, block, read_at) ORDER BY asset
  ON CONFLICT (asset) DO UPDATE SET total = EXCLUDED.total, block = EXCLUDED.block, read_at = EXCLUDED.read_at, received_at = clock_timestamp()
   WHERE w.read_at < EXCLUDED.read_at`;
