import { SUBMISSION_LIMITS, type SubmissionLimit } from '@sluice/connector-rules';
import { OF_DISPUTE_SQL } from './cases/open-cases.js';

const LIMITED = Object.entries(SUBMISSION_LIMITS).flatMap(
  ([state, limit]): [string, SubmissionLimit][] => (limit === null ? [] : [[state, limit]]),
);

/** Overdue submissions, by the indexes of the workers. Disputed submissions are found by their case. */
export const OVERDUE_GAUGE = {
  name: 'sluice_overdue',
  help: 'What is in a state for longer than that may last, by machine and state; docs/operations/monitoring.md has the table',
  labels: ['machine', 'state'],
  sql: LIMITED.map(([state, limit]) => `${lateIn(state, limit)} HAVING count(*) > 0`).join(
    ' UNION ALL ',
  ),
};

function lateIn(state: string, { minutes, since }: SubmissionLimit): string {
  const from =
    state === 'disputed'
      ? `submission_case c JOIN submission s ON s.withdrawal_id = c.withdrawal_id AND c.kind ${OF_DISPUTE_SQL}`
      : 'submission s';
  return `SELECT 'submission' AS machine, '${state}' AS state, count(*)::float8 AS value FROM ${from}
     WHERE s.state = '${state}' AND s.${since} < clock_timestamp() - interval '${minutes} minutes'`;
}
