import { CliError } from './cli-error.js';
import { nearest } from './nearest.js';
import { textIn, type Row } from './row.js';

/** What is to be different about a route; everything else stays as it is. */
export interface RouteChange {
  /** Venues in the order of preference; those not named come after, in the order they have. */
  readonly order: readonly string[];
  /** The venue that `fields` are of. One that is not in the route yet is added at its end. */
  readonly venue: string | undefined;
  readonly fields: Row;
  /** Takes the venue out. */
  readonly remove: boolean;
}

/** The venues of a route after a change. Throws a CliError for one that is not in it and would have to be. */
export function changedVenues(
  venues: readonly Row[],
  { order, venue, fields, remove }: RouteChange,
): readonly Row[] {
  const known = venues.map(nameOf);
  if (remove) requireKnown(venue ?? '', known);
  const changed = venues.flatMap((row) =>
    nameOf(row) === venue ? (remove ? [] : [{ ...row, ...fields }]) : [row],
  );
  const all =
    venue === undefined || known.includes(venue) ? changed : [...changed, { venue, ...fields }];

  const names = all.map(nameOf);
  for (const name of order) requireKnown(name, names);
  const rank = (row: Row) =>
    order.includes(nameOf(row)) ? order.indexOf(nameOf(row)) : order.length;
  return all.toSorted((a, b) => rank(a) - rank(b));
}

function nameOf(row: Row): string {
  return textIn(row, 'venue');
}

function requireKnown(name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const hint =
    known.length === 0
      ? 'it has none'
      : `did you mean ${nearest(name, known)}? (it has ${known.join(', ')})`;
  throw new CliError(`the route has no venue ${name}; ${hint}`, 2);
}
