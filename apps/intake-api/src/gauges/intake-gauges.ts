import type { TableGauge } from '@sluice/service-shell';
import { CANCEL_LIMITS, type StateLimit, WITHDRAWAL_LIMITS } from '@sluice/withdrawal-core';

const LIMITED = Object.entries(WITHDRAWAL_LIMITS).flatMap(
  ([state, limit]): [string, StateLimit][] => (limit === null ? [] : [[state, limit]]),
);

/**
 * SQL of withdrawals waiting only on our own services for longer than the table of states allows.
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

/** Overdue withdrawals and cancel requests by machine and state. */
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

// The index on the number finds the newest withdrawals: states have no index.
const NEWEST = 50_000;

export const INTAKE_GAUGES: readonly TableGauge[] = [
  {
    name: 'sluice_recent_withdrawals',
    help: `Withdrawals by state, of the newest ${NEWEST}`,
    labels: ['state'],
    sql: `SELECT state, count(*)::float8 AS value FROM (SELECT state FROM withdrawal ORDER BY number DESC LIMIT ${NEWEST}) AS newest GROUP BY state`,
  },
  {
    name: 'sluice_cases',
    help: 'Open cases by trigger: facts that do not fit the state of their withdrawal',
    labels: ['kind'],
    sql: 'SELECT trigger AS kind, count(*)::float8 AS value FROM withdrawal_case GROUP BY trigger',
  },
  {
    name: 'sluice_halts',
    help: 'Halts in force: what they cover takes no new withdrawals',
    labels: ['reason'],
    sql: 'SELECT reason, count(*)::float8 AS value FROM halt WHERE lifted_at IS NULL GROUP BY reason',
  },
  OVERDUE_GAUGE,
  {
    name: 'sluice_api_keys_expiring',
    help: 'API keys in force that expire within two weeks',
    labels: [],
    sql: `SELECT count(*)::float8 AS value FROM (SELECT DISTINCT ON (key_id) expires_at, revoked_at FROM api_key ORDER BY key_id, generation DESC) AS newest
           WHERE revoked_at IS NULL AND expires_at BETWEEN clock_timestamp() AND clock_timestamp() + interval '14 days'`,
  },
  {
    name: 'sluice_ledger_differences',
    help: 'Withdrawals of which the ledger lacks the hold, the capture or the release. Anything but 0 is an incident',
    labels: ['kind'],
    sql: 'SELECT kind, count(*)::float8 AS value FROM ledger_difference WHERE resolved_at IS NULL GROUP BY kind',
  },
  {
    name: 'sluice_ledger_comparison_age_seconds',
    help: 'Since withdrawals were compared with the holds of the ledger for the last time, which happens every minute',
    labels: [],
    sql: 'SELECT extract(epoch FROM clock_timestamp() - compared_at)::float8 AS value FROM ledger_comparison',
  },
];
