import type { RouteDto } from '@sluice/http-api';

/** Line of a venue in a route. */
export interface RouteRow {
  readonly asset: string;
  /** Place in the order of preference, from 1 on. */
  readonly position: number;
  /** Null for a route without a venue. */
  readonly venue: string | null;
  readonly state: string | null;
  readonly pays: readonly string[];
  readonly min: string | null;
  readonly max: string | null;
  readonly percent: string | null;
  readonly flat: string | null;
  readonly decimals: number | null;
  readonly withinMs: number | null;
}

const NO_VENUE = {
  position: 1,
  venue: null,
  state: null,
  pays: [],
  min: null,
  max: null,
  percent: null,
  flat: null,
  decimals: null,
  withinMs: null,
};

/** A line for each venue of the routes whose asset contains the text. A route without a venue is a line, too. */
export function routeRows(
  routes: readonly RouteDto[],
  text: string | undefined,
): readonly RouteRow[] {
  const wanted = (text ?? '').trim().toUpperCase();
  return routes
    .map(({ currency, network, venues }) => ({ asset: `${currency}.${network}`, venues }))
    .filter(({ asset }) => asset.includes(wanted))
    .flatMap(({ asset, venues }): readonly RouteRow[] =>
      venues.length === 0
        ? [{ asset, ...NO_VENUE }]
        : venues.map((one, at) => ({
            asset,
            position: at + 1,
            venue: one.venue,
            state: one.state,
            pays: one.pays,
            min: one.min_amount,
            max: one.max_amount,
            percent: one.fee_percent,
            flat: one.fee_flat,
            decimals: one.decimals,
            withinMs: one.submit_within_ms,
          })),
    );
}
