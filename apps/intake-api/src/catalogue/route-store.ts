import { assetOf, currencyOf, networkOf, type Asset } from '@sluice/kernel';
import type { Tx } from '@sluice/postgres';
import type { Venue } from '@sluice/withdrawal-core';
import { CONFIG_CHANNEL } from '../instances/look-up-cache.js';
import { CurrencyEntity } from './currency.entity.js';
import { RouteEntity } from './route.entity.js';

export interface Route {
  readonly currency: string;
  readonly network: string;
  readonly venues: readonly Venue[];
}

type Repositories = Pick<Tx, 'repository'>;

/** Returns the routes of the given assets. Default: all routes. */
export async function findRoutes(
  source: Repositories,
  assets?: readonly Asset[],
): Promise<Map<Asset, Route>> {
  const rows = await source.repository(RouteEntity).find({
    order: { currency: 'ASC', network: 'ASC', position: 'ASC' },
    ...(assets && {
      where: assets.map((asset) => ({ currency: currencyOf(asset), network: networkOf(asset) })),
    }),
  });
  const byAsset = Map.groupBy(rows, ({ currency, network }) => assetOf(currency, network));
  return new Map(
    [...byAsset].map(([asset, venues]) => [
      asset,
      { currency: currencyOf(asset), network: networkOf(asset), venues: venues.map(venueOf) },
    ]),
  );
}

/** Locks the route until the end of the transaction; false for an unknown currency. */
export async function lockRoute(
  tx: Tx,
  { currency, network }: Pick<Route, 'currency' | 'network'>,
): Promise<boolean> {
  const locked = await tx
    .repository(CurrencyEntity)
    .findOne({ where: { currency, network }, lock: { mode: 'pessimistic_write' } });
  return locked !== null;
}

/** Replaces the route and notifies every instance. The caller must hold the route's lock. */
export async function replaceRoute(tx: Tx, { currency, network, venues }: Route): Promise<void> {
  const routes = tx.repository(RouteEntity);
  await routes.delete({ currency, network });
  await routes.insert(
    venues.map(({ name: venue, ...terms }, index) => ({
      currency,
      network,
      position: index + 1,
      venue,
      ...terms,
    })),
  );
  void tx.query(`SELECT pg_notify('${CONFIG_CHANNEL}', '')`);
}

function venueOf(row: RouteEntity): Venue {
  return {
    name: row.venue,
    pays: row.pays,
    state: row.state,
    minimum: row.minimum,
    maximum: row.maximum,
    decimals: row.decimals,
    feePercent: row.feePercent,
    feeFlat: row.feeFlat,
    submitWithinMs: row.submitWithinMs,
  };
}
