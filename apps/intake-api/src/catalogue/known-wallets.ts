import type { Tx } from '@sluice/postgres';
import { WALLET, type Venue } from '@sluice/withdrawal-core';

/** Paying address of ours, as reported by the wallet's connector. */
export interface KnownWallet {
  readonly network: string;
  readonly address: string;
  /** A tank fills up the others with gas, and pays no customer. */
  readonly purpose: 'hot' | 'tank';
  /** Only account paid by this wallet; null: pays every account without an own wallet. */
  readonly accountId: string | null;
  /**
   * No longer reported by the connector. The address is still ours: no withdrawal may pay the
   * address.
   */
  readonly retired: boolean;
}

/**
 * All addresses our own wallet ever used, and known tokens. Addresses in use are in reported order.
 */
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

/**
 * Returns the address paying an account on a network: the account's own wallet, otherwise the
 * shared wallet; the first of several. Null if no wallet exists.
 */
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

/**
 * Returns the route of an account: our own wallet is passed over if no address pays the account on
 * the network.
 */
export function withWallets(
  venues: readonly Venue[],
  known: KnownWallets,
  { accountId, network }: { readonly accountId: string; readonly network: string },
): readonly Venue[] {
  if (venues.every(({ name }) => name !== WALLET)) return venues;
  const hasNoWallet = hotWalletOf(known, accountId, network) === null;
  return venues.map((venue) => (venue.name === WALLET ? { ...venue, hasNoWallet } : venue));
}
