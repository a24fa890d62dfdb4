import { Injectable } from '@nestjs/common';
import type { Message, WalletEventsTopic } from '@sluice/messages';
import { type Tx, UnitOfWork } from '@sluice/postgres';
import { type Venue, WALLET } from '@sluice/withdrawal-core';
import { CONFIG_CHANNEL } from '../instances/look-up-cache.js';
import { eventsOf, type VenueEvent, type VenueEventKeeper } from '../wire/venue-event.js';

/** Paying address of ours, as reported by the wallet's connector. */
interface KnownWallet {
  readonly network: string;
  readonly address: string;
  /** A tank fills up the others with gas, and pays no customer. */
  readonly purpose: 'hot' | 'tank';
  /** Only account paid by this wallet; null: pays every account without an own wallet. */
  readonly accountId: string | null;
  /** No longer reported by the connector. The address is still ours, and never a recipient. */
  readonly retired: boolean;
}

/** All addresses our own wallet ever used, in reported order, and known tokens. */
export interface KnownWallets {
  readonly wallets: readonly KnownWallet[];
  readonly tokens: readonly { readonly network: string; readonly address: string }[];
}

export async function findWallets(source: Pick<Tx, 'query'>): Promise<KnownWallets> {
  const [wallets, tokens] = await Promise.all([
    source.query<KnownWallet>(
      `SELECT network, address, purpose, account_id AS "accountId", retired_at IS NOT NULL AS retired FROM hot_wallet ORDER BY network, position, address`,
    ),
    source.query<KnownWallets['tokens'][number]>('SELECT network, address FROM wallet_token'),
  ]);
  return { wallets, tokens };
}

/** Address paying an account on a network: the account's own wallet before the shared wallet. */
export function hotWalletOf(
  { wallets }: KnownWallets,
  accountId: string,
  network: string,
): string | null {
  const paying = wallets.filter(
    (wallet) => wallet.network === network && wallet.purpose === 'hot' && !wallet.retired,
  );
  const own = paying.find((wallet) => wallet.accountId === accountId);
  const ofAll = paying.find((wallet) => wallet.accountId === null);
  return (own ?? ofAll)?.address ?? null;
}

/** Route of an account, without our own wallet if no address pays the account on the network. */
export function withWallets(
  venues: readonly Venue[],
  known: KnownWallets,
  { accountId, network }: { readonly accountId: string; readonly network: string },
): readonly Venue[] {
  if (venues.every(({ name }) => name !== WALLET)) return venues;
  const hasNoWallet = hotWalletOf(known, accountId, network) === null;
  return venues.map((venue) => (venue.name === WALLET ? { ...venue, hasNoWallet } : venue));
}

export type WalletsEvent = Extract<Message<WalletEventsTopic>, { type: 'venue.wallets.v1' }>;
type Reported = WalletsEvent['data'];

/**
 * Stores addresses and tokens of our wallet, as reported by the connector each minute. The first
 * wallet of a network opens the network's paused routes; later only an operator does.
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
