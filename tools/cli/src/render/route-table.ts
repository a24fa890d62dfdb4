import type { RouteDto } from '@sluice/admin-api';
import { amount, count, plain, state } from './columns.js';
import type { Style } from './style.js';
import { table, type Column } from './table.js';

type Venue = RouteDto['venues'][number];
type Line = { readonly asset: string } & (ReturnType<typeof lineOf> | typeof NO_VENUE);

const COLUMNS: readonly Column<Line>[] = [
  plain('asset'),
  count('position', '#'),
  plain('venue'),
  state('state'),
  plain('pays'),
  amount('min_amount', 'min'),
  amount('max_amount', 'max'),
  amount('fee'),
  count('decimals'),
  count('within', 'begins within'),
];

/** A route without venues is shown as a line, to avoid confusion with a missing route. */
const NO_VENUE = {
  position: null,
  venue: 'none',
  state: null,
  pays: null,
  min_amount: null,
  max_amount: null,
  fee: null,
  decimals: null,
  within: null,
} as const;

/** Routes for people: a line for each venue, in the order of preference. */
export function routeTable(routes: readonly RouteDto[], style: Style): string {
  return table(
    COLUMNS,
    routes.flatMap(linesOf),
    style,
    'there is no route: no venue pays anything',
  );
}

function linesOf({ currency, network, venues }: RouteDto): readonly Line[] {
  const lines = venues.length === 0 ? [NO_VENUE] : venues.map(lineOf);
  return lines.map((line) => ({ ...line, asset: `${currency}.${network}` }));
}

function lineOf(venue: Venue, index: number) {
  return {
    ...venue,
    position: index + 1,
    fee: fee(venue),
    within: duration(venue.submit_within_ms),
  };
}

function fee({ fee_percent: percent, fee_flat: flat }: Venue): string {
  const parts = [percent === null ? null : `${percent}%`, flat].filter((part) => part !== null);
  return parts.length === 0 ? "currency's" : parts.join(' + ');
}

function duration(ms: number | null): string {
  return ms === null ? 'no limit' : `${ms / 1000} s`;
}
