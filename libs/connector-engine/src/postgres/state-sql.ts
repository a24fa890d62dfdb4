import { edge, type EdgeTrigger, type SubmissionState } from '@sluice/connector-rules';

/**
 * A condition on a state column, to be written behind it: `= 'a'` or `IN ('a','b')`, the states that the trigger applies to. `among`: only
 * these of them. Throws where the trigger does not apply to one of `among`.
 */
export function from(trigger: EdgeTrigger, among?: readonly SubmissionState[]): string {
  const { from: all } = edge(trigger);
  const foreign = among?.find((state) => !all.includes(state));
  if (foreign !== undefined) throw new Error(`${trigger} does not apply to ${foreign}`);
  const states = (among ?? all).map(literal);
  return states.length === 1 ? `= ${states.join()}` : `IN (${states.join()})`;
}

/** The state that the trigger leads to, as an SQL literal. */
export function to(trigger: EdgeTrigger): string {
  return literal(edge(trigger).to);
}

/**
 * The next state by the value of a column. A branch is a trigger, or a state that is not reached by one (`AFTER_ATTEMPT`). Without
 * `otherwise` (an SQL expression) another value gives null, which the column does not take.
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
