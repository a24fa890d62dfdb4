import type { RouteVenueDto } from '@sluice/http-api';
import { CliError, nearest } from '../errors/errors.js';

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
  if (remove) requireKnown(venue ?? '', venues);
  const isNew = venue !== undefined && venues.every((row) => row.venue !== venue);
  const changed = [
    ...venues.flatMap((row) => {
      if (row.venue !== venue) return [row];
      return remove ? [] : [{ ...row, ...fields }];
    }),
    ...(isNew ? [{ pays: [], ...fields, venue }] : []),
  ];
  for (const name of order) requireKnown(name, changed);
  const rank = ({ venue: name }: RouteVenueDto) =>
    order.includes(name) ? order.indexOf(name) : order.length;
  return changed.toSorted((a, b) => rank(a) - rank(b));
}

function requireKnown(name: string, venues: readonly RouteVenueDto[]): void {
  const known = venues.map(({ venue }) => venue);
  if (known.includes(name)) return;
  const hint =
    known.length === 0
      ? 'it has none'
      : `did you mean ${nearest(name, known)}? (it has ${known.join(', ')})`;
  throw new CliError(`the route has no venue ${name}; ${hint}`, 2);
}
