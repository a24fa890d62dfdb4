import type { RouteVenueDto } from '@sluice/admin-api';
import { CliError } from './cli-error.js';
import { nearest } from './nearest.js';

/** What is to be different about a route; everything else stays as it is. */
export interface RouteChange {
  /** Venues in the order of preference; those not named come after, in the order they have. */
  readonly order: readonly string[];
  /** The venue that `fields` are of. One that is not in the route yet is added at its end. */
  readonly venue: string | undefined;
  readonly fields: Partial<Omit<RouteVenueDto, 'venue'>>;
  /** Takes the venue out. */
  readonly remove: boolean;
}

/** The venues of a route after a change. Throws a CliError for one that is not in it and would have to be. */
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
