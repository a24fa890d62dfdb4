import {
  edge,
  type EdgeTrigger,
  type RefusalBasis,
  type SubmissionState,
} from '@sluice/connector-rules';
import {
  type Asset,
  destinationKey,
  destinationOf,
  networkOf,
  type WireDestination,
} from '@sluice/kernel';
import { storable } from '@sluice/postgres';

/**
 * Returns the SQL condition on the preceding state. `among` limits the states; throws if the
 * trigger does not apply to one of them.
 */
export function from(trigger: EdgeTrigger, among?: readonly SubmissionState[]): string {
  const { from: all } = edge(trigger);
  const foreign = among?.find((state) => !all.includes(state));
  if (foreign !== undefined) throw new Error(`${trigger} does not apply to ${foreign}`);
  const states = (among ?? all).map(literal);
  return states.length === 1 ? `= ${states.join()}` : `IN (${states.join()})`;
}

/** Returns the target state of the trigger as an SQL literal. */
export function to(trigger: EdgeTrigger): string {
  return literal(edge(trigger).to);
}

/**
 * Returns the SQL of the next state by a column's value. Any other value gives null without
 * `otherwise`, and the state column rejects null.
 */
export function stateBy(
  column: string,
  branches: Readonly<Record<string, EdgeTrigger | { readonly state: SubmissionState }>>,
  otherwise?: string,
): string {
  const whens = Object.entries(branches).map(
    ([value, branch]) =>
      `WHEN '${value}' THEN ${typeof branch === 'string' ? to(branch) : literal(branch.state)}`,
  );
  return `CASE ${column} ${whens.join(' ')}${otherwise === undefined ? '' : ` ELSE ${otherwise}`} END`;
}

function literal(state: SubmissionState): string {
  return `'${state}'`;
}

const LONGEST_CAUSE = 500;

/** Assignments of a statement with $2: pause in milliseconds, and $3: the cause, by `shownCause`. */
export const POSTPONED = `next_action_at = clock_timestamp() + $2 * interval '1 millisecond', postponed_for = $3`;

/** Returns a cause for the table, from any text of a venue or node. */
export function shownCause(cause: string): string {
  return storable(cause.slice(0, LONGEST_CAUSE));
}

/**
 * Column `submission.refusal`. Rows without basis count as ambiguous. `foreign`: no refusal,
 * another party answered.
 */
export interface StoredRefusal {
  readonly basis?: RefusalBasis | 'foreign';
  readonly reason: string;
  readonly venueCode: string | null;
  readonly message: string;
}

/** Columns of a submission with the recipient and the chain. */
export interface RecipientColumns {
  asset: Asset;
  destination: WireDestination;
}

/** Returns the recipient in the notation of records: only a payment to an address is on a chain. */
export function recipientOf({ asset, destination: wire }: RecipientColumns) {
  const destination = destinationOf(wire);
  return {
    network: destination.type === 'address' ? networkOf(asset) : null,
    destination: destinationKey(destination),
  };
}
