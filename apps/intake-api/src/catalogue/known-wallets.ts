import type { Tx } from '@sluice/postgres';
import { WALLET, type Venue } from '@sluice/withdrawal-core';

/** An address that we pay from, as the wallet's connector has told it. */
export interface KnownWallet {
  readonly network: string;
  readonly address: string;
  /** A tank fills up the others with gas, and pays no customer. */
  readonly purpose: 'hot' | 'tank';
  /** It pays this account alone; null: every account that has none of its own. */
  readonly accountId: string | null;
  /** Not told any more. Still ours: nobody is paid there. */
  readonly retired: boolean;
}

/** What is known of our own wallet: every address of it there ever was, those in use in the order in which they were told, and its tokens. */
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

/** The address that pays an account on a network: its own, or else that of all; of several the first. Null when there is none. */
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

/** A route as it is for an account: without a wallet that pays it there, our own is passed over. */
export function withWallets(
  venues: readonly Venue[],
  known: KnownWallets,
  { accountId, network }: { readonly accountId: string; readonly network: string },
): readonly Venue[] {
  if (venues.every(({ name }) => name !== WALLET)) return venues;
  const hasNoWallet = hotWalletOf(known, accountId, network) === null;
  return venues.map((venue) => (venue.name === WALLET ? { ...venue, hasNoWallet } : venue));
}
