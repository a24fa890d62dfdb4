import { storable } from '@sluice/postgres';

const LONGEST_CAUSE = 500;

/** Assignments of a statement with $2: pause in milliseconds, and $3: the cause, by `shownCause`. */
export const POSTPONED = `next_action_at = clock_timestamp() + $2 * interval '1 millisecond', postponed_for = $3`;

/** Returns a cause for the table, from any text of a venue or node. */
export function shownCause(cause: string): string {
  return storable(cause.slice(0, LONGEST_CAUSE));
}
