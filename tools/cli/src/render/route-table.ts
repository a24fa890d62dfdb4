import { rowsIn, type Row } from '../row.js';
import { amount, count, plain, state } from './columns.js';
import type { Style } from './style.js';
import { table, type Column } from './table.js';

const COLUMNS: readonly Column[] = [
  plain('asset'),
  count('position', '#'),
  plain('venue'),
  state('state'),
  plain('pays'),
  amount('min_amount', 'min'),
  amount('max_amount', 'max'),
  { title: 'fee', of: (row) => (isVenue(row) ? fee(row) : null), align: 'right' },
  count('decimals'),
  {
    title: 'begins within',
    of: (row) => (isVenue(row) ? duration(row['submit_within_ms']) : null),
    align: 'right',
  },
];

/** Routes for people: a line for each venue, in the order of preference. */
export function routeTable(routes: readonly Row[], style: Style): string {
  return table(
    COLUMNS,
    routes.flatMap(linesOf),
    style,
    'there is no route: no venue pays anything',
  );
}

/** A route without venues is shown as one, so that nobody takes it for no route. */
function linesOf(route: Row): Row[] {
  const asset = `${String(route['currency'])}.${String(route['network'])}`;
  const venues = rowsIn(route, 'venues');
  return venues.length === 0
    ? [{ asset, venue: 'none' }]
    : venues.map((venue, index) => ({ ...venue, asset, position: index + 1 }));
}

function isVenue({ position }: Row): boolean {
  return position !== undefined;
}

function fee({ fee_percent: percent, fee_flat: flat }: Row): string {
  const parts = [
    typeof percent === 'string' ? `${percent}%` : null,
    typeof flat === 'string' ? flat : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "currency's" : parts.join(' + ');
}

function duration(ms: unknown): string {
  return typeof ms === 'number' ? `${ms / 1000} s` : 'no limit';
}
