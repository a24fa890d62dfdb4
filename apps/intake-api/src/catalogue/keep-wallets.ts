import { Injectable } from '@nestjs/common';
import type { Message, WalletEvents } from '@sluice/messages';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { CONFIG_CHANNEL } from '../channels.js';
import { findWallets, type KnownWallet } from './known-wallets.js';

export type WalletsEvent = Extract<Message<WalletEvents>, { type: 'venue.wallets.v1' }>;
type Told = WalletsEvent['data'];

/**
 * Keeps which addresses our own wallet pays from, and which tokens it knows. Told each minute, written when it changes. The routes to the wallet
 * begin paused: a network's first one switches them on, for whoever has set it up wants it to pay. Later only an operator pauses or opens them.
 */
@Injectable()
export class KeepWallets {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** The newest is the last. */
  async take(events: readonly WalletsEvent[]): Promise<void> {
    const told = events.at(-1)?.data;
    if (told) await this.unitOfWork.run((tx) => this.keep(tx, told));
  }

  private async keep(tx: Tx, told: Told): Promise<void> {
    const known = await findWallets(tx);
    const current = known.wallets.filter(({ retired }) => !retired);
    const tokens = new Set(known.tokens.map(keyOf));
    const isKnown =
      textOf(current) === textOf(told.wallets) &&
      told.tokens.every((token) => tokens.has(keyOf(token)));
    if (isKnown) return;
    const before = new Set(known.wallets.map(({ network }) => network));
    const added = told.wallets.flatMap(({ network }) => (before.has(network) ? [] : network));
    await tx.query(KEEP, [
      told.wallets.map(({ network }) => network),
      told.wallets.map(({ address }) => address),
      told.wallets.map(({ purpose }) => purpose),
      told.wallets.map(({ accountId }) => accountId ?? null),
    ]);
    await tx.query(KEEP_TOKENS, [
      told.tokens.map(({ network }) => network),
      told.tokens.map(({ address }) => address),
      told.tokens.map(({ currency }) => currency),
    ]);
    if (added.length > 0) await tx.query(SWITCH_ON, [added]);
    void tx.query(`SELECT pg_notify('${CONFIG_CHANNEL}', '')`);
  }
}

type Named = Pick<KnownWallet, 'network' | 'address'>;
type Content = Named & { readonly purpose: string; readonly accountId?: string | null };

function keyOf({ network, address }: Named): string {
  return `${network} ${address}`;
}

/** Equal texts: the same wallets, of each network in the same order. */
function textOf(wallets: readonly Content[]): string {
  const lines = wallets
    .toSorted((one, other) =>
      one.network < other.network ? -1 : Number(one.network > other.network),
    )
    .map(({ purpose, accountId, ...named }) => [keyOf(named), purpose, accountId ?? null]);
  return JSON.stringify(lines);
}

const KEEP = `
  WITH told AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) WITH ORDINALITY AS t (network, address, purpose, account_id, position)),
  retired AS (
    UPDATE hot_wallet w SET retired_at = clock_timestamp()
     WHERE retired_at IS NULL AND NOT EXISTS (SELECT FROM told t WHERE (t.network, t.address) = (w.network, w.address)))
  INSERT INTO hot_wallet AS w (network, address, purpose, account_id, position)
  SELECT DISTINCT ON (network, address) network, address, purpose, account_id, position FROM told ORDER BY network, address, position
  ON CONFLICT (network, address) DO UPDATE
     SET purpose = excluded.purpose, account_id = excluded.account_id, position = excluded.position, retired_at = NULL`;

const KEEP_TOKENS = `
  INSERT INTO wallet_token (network, address, currency)
  SELECT DISTINCT ON (network, address) * FROM unnest($1::text[], $2::text[], $3::text[]) AS t (network, address, currency) ORDER BY network, address
  ON CONFLICT DO NOTHING`;

const SWITCH_ON = `UPDATE route SET state = 'on' WHERE venue = 'wallet' AND network = ANY ($1::text[]) AND state = 'paused'`;
