import { checkInvariants as checkFolder, type InvariantReport, type Queryable } from '@sluice/postgres';

export type { InvariantReport };

const FOLDER = new URL('./invariants/', import.meta.url);

/** Everything the book must satisfy at any moment; the query decides whether all of it is looked at in one snapshot. */
export function checkInvariants(query: Queryable['query']): Promise<InvariantReport> {
  return checkFolder({ query }, FOLDER);
}
