import type { RouteVenueDto } from '@sluice/http-api';
import { CliError, nearest } from '../errors.js';

/** Changes to a route; other values stay. */
export interface RouteChange {
  /** Venues in order of preference; unnamed venues follow in their present order. */
  readonly order: readonly string[];
  /** Venue changed by `fields`. A venue new to the route is added at the end. */
  readonly venue: string | undefined;
  readonly fields: Partial<Omit<RouteVenueDto, 'venue'>>;
  /** Takes the venue out. */
  readonly remove: boolean;
}

/**
 * Returns the venues of a route after a change. Throws a CliError for a required venue missing in
 * the route.
 */
export function changedVenues(
  venues: readonly RouteVenueDto[],
  { order, venue, fields, remove }: RouteChange,
): readonly RouteVenueDto[] {
  const known = venues.map(nameOf);
  if (remove) requireKnown(venue ?? '', known);
  const changed = venues.flatMap((row) =>
    nameOf(row) === venue ? (remove ? [] : [{ ...row, ...fields }]) : [row],
  );
  const all =
    venue === undefined || known.includes(venue)
      ? changed
      : [...changed, { pays: [], ...fields, venue }];

  const names = all.map(nameOf);
  for (const name of order) requireKnown(name, names);
  const rank = (row: RouteVenueDto) =>
    order.includes(nameOf(row)) ? order.indexOf(nameOf(row)) : order.length;
  return all.toSorted((a, b) => rank(a) - rank(b));
}

function nameOf({ venue }: RouteVenueDto): string {
  return venue;
}

function requireKnown(name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const hint =
    known.length === 0
      ? 'it has none'
      : `did you mean ${nearest(name, known)}? (it has ${known.join(', ')})`;
  throw new CliError(`the route has no venue ${name}; ${hint}`, 2);
}
