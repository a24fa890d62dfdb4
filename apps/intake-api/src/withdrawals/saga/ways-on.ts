import type { Asset } from '@sluice/kernel';
import type { Tx } from '@sluice/postgres';
import { allowsFailOver } from '@sluice/withdrawal-core';
import { findWallets, type KnownWallets } from '../../catalogue/known-wallets.js';
import { findRoutes, type Route } from '../../catalogue/route-store.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import type { BatchChanges } from './batch-changes.js';
import type { InboundEvent } from './inbound-event.js';

const NO_WALLETS: KnownWallets = { wallets: [], tokens: [] };

/**
 * Loads the routes for possible fail-overs: a single lookup for the whole batch, and none if no
 * refusal allows a fail-over.
 */
export async function waysOn(
  tx: Tx,
  fresh: readonly InboundEvent[],
  rows: Map<string, StoredWithdrawal>,
): Promise<Pick<BatchChanges, 'routes' | 'wallets'>> {
  const assets = fresh.flatMap(({ change }) => {
    if (change.kind !== 'fact') return [];
    const asset = rows.get(change.withdrawalId)?.withdrawal.order.asset;
    return asset !== undefined && allowsFailOver(change.fact(asset)) ? [asset] : [];
  });
  if (assets.length === 0) return { routes: new Map<Asset, Route>(), wallets: NO_WALLETS };
  return { routes: await findRoutes(tx, [...new Set(assets)]), wallets: await findWallets(tx) };
}
