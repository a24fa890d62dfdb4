import type { TableGauge } from '@sluice/service-shell';
import { CANCEL_LIMITS, WITHDRAWAL_LIMITS, type StateLimit } from '@sluice/withdrawal-core';

const LIMITED = Object.entries(WITHDRAWAL_LIMITS).flatMap(
  ([state, limit]): [string, StateLimit][] => (limit === null ? [] : [[state, limit]]),
);

/**
 * Builds the invariant's SQL: finds withdrawals waiting only on our own services for longer than
 * the table of states allows.
 */
export function stuckSql(): string {
  const waiting = LIMITED.filter(([, { waitsOn }]) => waitsOn === 'service').map(
    ([state, { minutes }]) => lateSince(state, minutes),
  );
  return `-- nothing-waits-too-long: nothing waits on our own services for longer than its state may last (libs/withdrawal-core/src/state-limits.ts)
SELECT w.id, w.state, w.updated_at FROM withdrawal w
 WHERE ${waiting.join('\n    OR ')}
`;
}

/**
 * Overdue withdrawals and cancel requests by machine and state; computed only for withdrawals still
 * open after some seconds.
 */
export const OVERDUE_GAUGE: TableGauge = {
  name: 'sluice_overdue',
  help: 'What is in a state for longer than that may last, by machine and state; docs/operations/monitoring.md has the table',
  labels: ['machine', 'state'],
  sql: `
    SELECT 'withdrawal' AS machine, w.state, count(*)::float8 AS value FROM open_withdrawal o JOIN withdrawal w USING (id)
     WHERE ${LIMITED.map(([state, { minutes }]) => lateSince(state, minutes)).join(' OR ')} GROUP BY w.state
    UNION ALL
    SELECT 'cancel', 'requested', count(*)::float8 FROM open_withdrawal o JOIN withdrawal w USING (id)
     WHERE w.cancel_refusal IS NULL AND w.cancel_requested_at < clock_timestamp() - interval '${CANCEL_LIMITS.requested?.minutes ?? 0} minutes'
       AND w.state NOT IN ('rejected', 'completed', 'returned', 'failed', 'cancelled') HAVING count(*) > 0`,
};

function lateSince(state: string, minutes: number): string {
  return `(w.state = '${state}' AND w.updated_at < clock_timestamp() - interval '${minutes} minutes')`;
}
