import { edge, type EdgeTrigger, type SubmissionState } from '@sluice/connector-rules';

/**
 * Returns a condition on the preceding state column: `= 'a'` or `IN ('a','b')`, the states to which
 * the trigger applies. `among` limits the states. Throws if the trigger does not apply to a state
 * in `among`.
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
 * Returns an SQL expression for the next state by the value of a column. A branch is a trigger, or
 * a state reached without a trigger (`AFTER_ATTEMPT`). If `otherwise` (an SQL expression) is
 * missing, any other value gives null, and the state column rejects null.
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
