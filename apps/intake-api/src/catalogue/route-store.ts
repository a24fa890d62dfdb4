import { assetOf, type Asset } from '@sluice/money';
import type { Tx } from '@sluice/postgres';
import type { Venue } from '@sluice/withdrawal-core';
import { CONFIG_CHANNEL } from '../channels.js';

/** Venues that pay one currency on one network, in the order of preference. */
export interface Route {
  readonly currency: string;
  readonly network: string;
  readonly venues: readonly Venue[];
}

/** One venue of a route as JSON, for statements that read routes. */
export const VENUE_JSON = `json_build_object('name', r.venue, 'pays', r.pays, 'state', r.state, 'minimum', r.minimum::text, 'maximum', r.maximum::text,
  'decimals', r.decimals, 'feePercent', r.fee_percent::text, 'feeFlat', r.fee_flat::text, 'submitWithinMs', r.submit_within_ms)`;

/** The routes of these assets, or of all. */
export async function findRoutes(
  source: Pick<Tx, 'query'>,
  assets: readonly Asset[] | null = null,
): Promise<Map<Asset, Route>> {
  const rows = await source.query<{ currency: string; network: string; venues: Venue[] }>(
    `SELECT r.currency, r.network, json_agg(${VENUE_JSON} ORDER BY r.position) AS venues
       FROM route r WHERE $1::text[] IS NULL OR r.currency || '.' || r.network = ANY ($1::text[])
      GROUP BY r.currency, r.network ORDER BY r.currency, r.network`,
    [assets],
  );
  return new Map(rows.map((row) => [assetOf(row.currency, row.network), row]));
}

/** Nobody else sets this route until the transaction ends. False when there is no such currency on that network. */
export async function lockRoute(
  tx: Tx,
  { currency, network }: Pick<Route, 'currency' | 'network'>,
): Promise<boolean> {
  return (
    (
      await tx.query('SELECT FROM currency WHERE (currency, network) = ($1, $2) FOR UPDATE', [
        currency,
        network,
      ])
    ).length > 0
  );
}

/** Puts a route in the place of the one there is, which must be locked, and notifies every instance. */
export function replaceRoute(tx: Tx, { currency, network, venues }: Route): void {
  void tx.query('DELETE FROM route WHERE (currency, network) = ($1, $2)', [currency, network]);
  void tx.query(
    `INSERT INTO route (currency, network, position, venue, pays, state, minimum, maximum, decimals, fee_percent, fee_flat, submit_within_ms)
     SELECT $1, $2, v.position, v.name, v.pays, v.state, v.minimum, v.maximum, v.decimals, v."feePercent", v."feeFlat", v."submitWithinMs"
       FROM json_to_recordset($3::json) AS v (position int, name text, pays text[], state text, minimum numeric, maximum numeric, decimals int,
                                              "feePercent" numeric, "feeFlat" numeric, "submitWithinMs" int)`,
    [
      currency,
      network,
      JSON.stringify(venues.map((venue, index) => ({ ...venue, position: index + 1 }))),
    ],
  );
  void tx.query(`SELECT pg_notify('${CONFIG_CHANNEL}', '')`);
}
