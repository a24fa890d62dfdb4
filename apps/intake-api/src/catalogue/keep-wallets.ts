import { Injectable } from '@nestjs/common';
import type { Message, WalletEventsTopic } from '@sluice/messages';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { CONFIG_CHANNEL } from '../instances/channels.js';
import { findWallets, type KnownWallet } from './known-wallets.js';
import { eventsOf, type VenueEvent, type VenueEventKeeper } from '../wire/venue-event.js';

export type WalletsEvent = Extract<Message<WalletEventsTopic>, { type: 'venue.wallets.v1' }>;
type Reported = WalletsEvent['data'];

/**
 * Stores the paying addresses and known tokens of our own wallet. The connector reports them each
 * minute; changes are written. Routes to the wallet start paused. The first wallet of a network
 * enables the network's routes, because the operator has set up the wallet to pay. Later only an
 * operator pauses or opens the routes.
 */
@Injectable()
export class KeepWallets implements VenueEventKeeper {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** The newest is the last. */
  async take(batch: readonly VenueEvent[]): Promise<void> {
    const reported = eventsOf(batch, 'venue.wallets.v1').at(-1)?.data;
    if (reported) await this.unitOfWork.run((tx) => this.keep(tx, reported));
  }

  private async keep(tx: Tx, reported: Reported): Promise<void> {
    const known = await findWallets(tx);
    const current = known.wallets.filter(({ retired }) => !retired);
    const tokens = new Set(known.tokens.map(keyOf));
    const isKnown =
      textOf(current) === textOf(reported.wallets) &&
      reported.tokens.every((token) => tokens.has(keyOf(token)));
    if (isKnown) return;
    const before = new Set(known.wallets.map(({ network }) => network));
    const added = reported.wallets.flatMap(({ network }) => (before.has(network) ? [] : network));
    await tx.query(KEEP, [
      reported.wallets.map(({ network }) => network),
      reported.wallets.map(({ address }) => address),
      reported.wallets.map(({ purpose }) => purpose),
      reported.wallets.map(({ accountId }) => accountId ?? null),
    ]);
    await tx.query(KEEP_TOKENS, [
      reported.tokens.map(({ network }) => network),
      reported.tokens.map(({ address }) => address),
      reported.tokens.map(({ currency }) => currency),
    ]);
    if (added.length > 0) await tx.query(SWITCH_ON, [added]);
    void tx.query(`SELECT pg_notify('${CONFIG_CHANNEL}', '')`);
  }
}

type Named = Pick<KnownWallet, 'network' | 'address'>;
type WalletsContent = Named & { readonly purpose: string; readonly accountId?: string | null };

function keyOf({ network, address }: Named): string {
  return `${network} ${address}`;
}

/** Equal texts: the same wallets, of each network in the same order. */
function textOf(wallets: readonly WalletsContent[]): string {
  const lines = wallets
    .toSorted((one, other) =>
      one.network < other.network ? -1 : Number(one.network > other.network),
    )
    .map(({ purpose, accountId, ...named }) => [keyOf(named), purpose, accountId ?? null]);
  return JSON.stringify(lines);
}

const KEEP = `
  WITH reported AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) WITH ORDINALITY AS t (network, address, purpose, account_id, position)),
  retired AS (
    UPDATE hot_wallet w SET retired_at = clock_timestamp()
     WHERE retired_at IS NULL AND NOT EXISTS (SELECT FROM reported t WHERE (t.network, t.address) = (w.network, w.address)))
  INSERT INTO hot_wallet AS w (network, address, purpose, account_id, position)
  SELECT DISTINCT ON (network, address) network, address, purpose, account_id, position FROM reported ORDER BY network, address, position
  ON CONFLICT (network, address) DO UPDATE
     SET purpose = excluded.purpose, account_id = excluded.account_id, position = excluded.position, retired_at = NULL`;

const KEEP_TOKENS = `
  INSERT INTO wallet_token (network, address, currency)
  SELECT DISTINCT ON (network, address) * FROM unnest($1::text[], $2::text[], $3::text[]) AS t (network, address, currency) ORDER BY network, address
  ON CONFLICT DO NOTHING`;

const SWITCH_ON = `UPDATE route SET state = 'on' WHERE venue = 'wallet' AND network = ANY ($1::text[]) AND state = 'paused'`;
